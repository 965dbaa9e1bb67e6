"""Every verb of the story by key: what a program of each side does from the list to the closed finding."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from agreements.compliance import Compliance
from agreements.selectors import compliance_of
from audits.models import Audit
from audits.services import tick
from foundation.actor import Hat, acting_as, as_actor
from jobs.models import OutboxEvent
from tests.cast import PASSWORD, actor, link_id
from tests.world import photo

LIST = "企业名称,统一社会信用代码,联系人,手机号\n宁波青纬织造有限公司（示例）,0DEM0X1000000000AG,何师傅,19000000101\n"
BROKEN = LIST.replace("0DEM0X1000000000AG", "0DEM0X1000000000AH")


def done(answer, status=200):
    assert answer.status == status, answer.raw[:600]
    return answer.body


def filed(world, who="lin", path: Path | None = None, **fields):
    with (path or photo()).open("rb") as file:
        return done(world.callers[who].form("evidence/", {"file": file, "purpose": "photo", **fields}), 201)


def test_a_key_tells_who_it_is(world):
    me = done(world("lin", "GET", "me/"))

    assert (me["hat"], me["firm"]["name"]["en"], me["scopes"]) == ("supplier", "Yunzhu Textile (demo)", ["read", "write"])
    assert done(world("reader", "GET", "me/"))["scopes"] == ["read"]


def test_the_list_carries_the_newest_agreement_and_the_counts_of_the_pure_rule(world):
    body = done(world("chen", "GET", "suppliers/"))
    line = next(row for row in body["results"] if row["id"] == str(link_id("chen", "lin")))

    assert line["agreement"]["id"] == str(world.lin.ids["talk_id"])  # the newest is the one that is talked over
    with as_actor(actor("chen")):
        ids = [row["agreement"]["id"] for row in body["results"] if row["agreement"]]
        kept = compliance_of(actor("chen"), [world.lin.ids["talk_id"]], today=timezone.localdate())
    assert len(ids) == len(set(ids)) == 2  # Wu has a story with Chen, too
    assert line["agreement"]["obligations"] == {
        side: {name: getattr(counts, name) for name in ("met", "met_late", "overdue", "open", "due")} for side, counts in kept[world.lin.ids["talk_id"]].items()
    }  # fmt: skip


def test_the_counts_of_the_list_are_those_of_the_pure_rule_for_duties_in_every_state(world):
    newest = world.lin.ids["talk_id"]
    with as_actor(actor("chen")):
        with acting_as(Hat.CLOCK), connection.cursor() as cursor:
            cursor.execute(
                "insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on, met_at, met_on,"
                " waived_at, void_at) select uuidv7(), a.id, a.owner_org_id, a.supplier_org_id, uuidv7(), 'document', side, 'k' || n, now(), day,"
                " case when n %% 4 = 1 then now() end, case when n %% 4 = 1 then %s::date end, case when n %% 4 = 2 then now() end, case when n %% 4 = 3 then now() end"
                " from agreements_agreement a, generate_series(0, 11) n, unnest(array['owner', 'supplier']) side,"
                " unnest(array[%s::date - 9, %s::date, %s::date + 3]) day where a.id = %s and (n / 4) = (%s::date - day + 9) / 6 %% 3",
                [timezone.localdate()] * 4 + [newest, timezone.localdate()],
            )
            # Two more late ones: one in its grace days, one that stands still.
            for key, grace, paused_on in (("g0", 20, None), ("p0", 0, timezone.localdate())):
                cursor.execute(
                    "insert into agreements_obligation (id, agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, key, created_at, due_on, grace_days,"
                    " paused_on) select uuidv7(), agreement_id, owner_org_id, supplier_org_id, clause_id, kind, side, %s, now(), due_on, %s, %s"
                    " from agreements_obligation where agreement_id = %s and side = 'owner' and key = 'k0'",
                    [key, grace, paused_on, newest],
                )
                assert cursor.rowcount == 1
        kept = compliance_of(actor("chen"), [newest], today=timezone.localdate())[newest]
    line = next(row for row in done(world("chen", "GET", "suppliers/"))["results"] if row["id"] == str(link_id("chen", "lin")))

    assert kept["owner"] != Compliance()
    assert kept["owner"].met and kept["owner"].met_late and (kept["owner"].overdue, kept["owner"].open > 1) == (1, True)
    assert line["agreement"]["obligations"]["owner"] == {name: getattr(kept["owner"], name) for name in ("met", "met_late", "overdue", "open", "due")}


def test_the_list_is_found_by_name_and_state_and_goes_on_by_cursor(world):
    first = done(world("chen", "GET", "suppliers/?page_size=1"))
    second = done(world("chen", "GET", first["next"]))
    third = done(world("chen", "GET", second["next"]))
    fourth = done(world("chen", "GET", third["next"]))
    names = [page["results"][0]["name_zh"] for page in (first, second, third, fourth)]

    assert [len(page["results"]) for page in (first, second, third, fourth)] == [1, 1, 1, 1]
    assert sorted(names) == sorted(row["name_zh"] for row in done(world("chen", "GET", "suppliers/"))["results"])
    assert fourth["next"] is None
    assert [row["name_zh"] for row in done(world("chen", "GET", "suppliers/?query=Yunzhu&state=joined"))["results"]] == ["宁波云杼纺织有限公司（示例）"]
    assert done(world("chen", "GET", "suppliers/?region=330206"))["results"] == []


def test_a_supplier_is_added_and_invited_and_its_way_in_is_shown_by_get_only(world):
    made = done(world("chen", "POST", "suppliers/", {"name_zh": "宁波青纬织造有限公司（示例）", "uscc": "0DEM0X1000000000AG", "node_codes": ["knitting"]}), 201)
    invitation = done(world("chen", "POST", f"suppliers/{made['id']}/invitation/"), 201)
    shown = done(world("chen", "GET", f"suppliers/{made['id']}/invitation/"))

    assert done(world("chen", "GET", f"suppliers/{made['id']}/"))["state"] == "invited"
    assert "url" not in invitation
    assert shown["id"] == invitation["id"]
    assert "/join/" in shown["url"]


def test_a_list_is_read_mended_confirmed_and_taken_back(world):
    batch = done(world("chen", "POST", "suppliers/imports/", {"list": BROKEN}), 201)
    row = done(world("chen", "GET", f"suppliers/imports/{batch['id']}/rows/"))["results"][0]
    mended = done(world("chen", "PATCH", f"suppliers/imports/{batch['id']}/rows/{row['number']}/", {"field": "uscc", "value": "0DEM0X1000000000AG"}))

    assert row["outcome"] == "rejected"
    assert set(row["problems"][0]["message"]) == {"zh", "en"}
    assert mended["outcome"] in ("accepted", "warning")
    assert done(world("chen", "POST", f"suppliers/imports/{batch['id']}/confirm/")) == {"added": 1}
    assert done(world("chen", "GET", f"suppliers/imports/{batch['id']}/"))["state"] == "done"
    assert done(world("chen", "POST", f"suppliers/imports/{batch['id']}/undo/")) == {"removed": 1}


def test_a_list_comes_as_a_file_too(world, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    with path.open("rb") as file:
        batch = done(world.callers["chen"].form("suppliers/imports/", {"file": file}), 201)

    assert batch["totals"]["ready"] == 1
    assert batch["id"] in [each["id"] for each in done(world("chen", "GET", "suppliers/imports/"))]


def test_a_list_without_known_heads_is_mapped(world):
    batch = done(world("chen", "POST", "suppliers/imports/", {"list": "A,B\n宁波青纬织造有限公司（示例）,x\n宁波素杼辅料有限公司（示例）,y\n"}), 201)
    answer = world("chen", "POST", f"suppliers/imports/{batch['id']}/mapping/", {"columns": {"0": "name_zh", "1": "contact"}})

    assert batch["state"] == "needs_mapping"
    assert answer.status in (200, 422)  # the reader may want the code as well
    assert world("chen", "POST", f"suppliers/imports/{batch['id']}/mapping/", {"columns": {"x": "name_zh"}}).body["code"] == "column_unknown"


def test_a_firm_reads_itself_and_files_a_paper(world):
    with photo().open("rb") as file:
        paper = done(world.callers["lin"].form("firm/papers/", {"kind": "certificate", "file": file, "expires_on": "2030-01-01"}), 201)
    firm = done(world("lin", "GET", "firm/"))

    assert paper["id"] in [each["id"] for each in done(world("lin", "GET", "firm/papers/"))]
    assert firm["name"]["en"] == "Yunzhu Textile (demo)"
    assert {grant["what"] for grant in firm["seen_by"]} >= {"firm"}
    assert world("lin", "POST", "firm/sharing/", {"grant": firm["seen_by"][0]["id"]}).status in (200, 422)


def test_a_draft_is_made_changed_sent_returned_and_signed_by_both(world):
    code = done(world("chen", "GET", "templates/"))[0]["code"]
    day = timezone.localdate() + timedelta(days=40)
    draft = done(world("chen", "POST", "agreements/", {"link": str(link_id("chen", "lin")), "template": code, "effective_from": str(day)}), 201)
    address = f"agreements/{draft['id']}/"
    days = done(world("chen", "PUT", f"{address}days/", {"effective_from": str(day), "effective_to": str(day + timedelta(days=300))}))
    frequency = next(clause for clause in draft["clauses"] if clause["type"] == "audit_frequency")
    changed = done(world("chen", "PATCH", f"{address}clauses/{frequency['number']}/", {"params": {"notice_days": 10}}))
    sent = done(world("chen", "POST", f"{address}send/"))
    back = done(world("lin", "POST", f"{address}return/", {"reason": "通知天数请改为十四天"}))
    text = done(world("chen", "GET", f"{address}text/")) if world("chen", "GET", f"{address}text/").status == 200 else None
    again = done(world("chen", "POST", f"{address}send/"))
    signing = done(world("lin", "POST", f"{address}sign/", {"sha256": again["version"]["sha256"], "password": PASSWORD}))
    signed = done(world("chen", "POST", f"{address}sign/", {"sha256": again["version"]["sha256"], "password": PASSWORD}))

    assert text is None  # the newest text of the owner is a draft again
    assert (days["effective_to"], changed["params"]["notice_days"]) == (str(day + timedelta(days=300)), 10)
    assert [sent["state"], back["state"], again["state"], signing["state"], signed["state"]] == ["in_review", "draft", "in_review", "signing", "signed"]
    assert [signature["side"] for signature in sorted(signed["signatures"], key=lambda s: s["at"])] == ["supplier", "owner"]
    assert done(world("lin", "GET", f"{address}text/"))["sha256"] == again["version"]["sha256"]
    assert draft["id"] in [row["id"] for row in done(world("lin", "GET", "agreements/?state=open"))["results"]]


def test_duties_are_listed_met_and_waived(world):
    ids = world.lin.ids
    duties = done(world("lin", "GET", f"obligations/?agreement={ids['agreement_id']}&side=supplier&state=open"))["results"]
    evidence = filed(world)
    met = done(world("lin", "POST", f"obligations/{ids['obligation_id']}/document/", {"evidence": evidence["id"], "number": "A-1"}))
    owners = done(world("chen", "GET", f"obligations/?agreement={ids['agreement_id']}&side=owner"))["results"]
    duty = next(row for row in owners if row["kind"] == "owner_duty")
    shared = done(world("chen", "POST", f"obligations/{duty['id']}/results/", {"note": "本季色牢度全部达标"}))
    other = next((row for row in duties if row["kind"] == "document" and row["id"] != str(ids["obligation_id"])), None)

    assert str(ids["obligation_id"]) in [row["id"] for row in duties]
    assert (met["state"], shared["state"]) == ("met", "met")
    assert done(world("chen", "GET", f"obligations/{ids['obligation_id']}/"))["subject_id"] == evidence["id"]
    if other:
        assert done(world("chen", "POST", f"obligations/{other['id']}/waive/", {"why": "总部已提供"}))["state"] == "waived"


def test_a_self_check_is_answered_photographed_submitted_and_reviewed(world):
    tick(timezone.now() + timedelta(days=100))
    with as_actor(actor("lin")):
        mine = Audit.objects.visible_to(actor("lin")).filter(agreement_id=world.lin.ids["agreement_id"], kind="self_check", state__in=("planned", "notified"))
        audit = mine.exclude(pk=world.lin.ids["audit_id"]).latest("visit_on")
    address = f"audits/{audit.pk}/"
    evidence = filed(world)
    for number in range(1, 6):
        kept = done(world("lin", "PUT", f"{address}answers/{number}/", {"answer": "yes", "note": ""}))
        if kept["questions"][number - 1]["photo"] == "always":
            done(world("lin", "POST", f"{address}answers/{number}/photos/", {"evidence": evidence["id"]}))
    gone = done(world("lin", "DELETE", f"{address}answers/1/photos/{evidence['id']}/"))
    lacking = world("lin", "POST", f"{address}submit/")
    done(world("lin", "POST", f"{address}answers/1/photos/", {"evidence": evidence["id"]}))
    submitted = done(world("lin", "POST", f"{address}submit/"))
    reviewed = done(world("chen", "POST", f"{address}review/"))

    assert gone["questions"][0]["photos"] == []
    assert (lacking.status, lacking.body["code"]) == (422, "answers_missing")
    assert submitted["questions"][0]["photos"] == [evidence["id"]]
    assert (submitted["state"], reviewed["state"], reviewed["result_class"]) == ("submitted", "closed", "A")
    assert str(audit.pk) in [row["id"] for row in done(world("lin", "GET", "audits/?view=done"))["results"]]


def test_a_finding_is_raised_contested_upheld_answered_refused_and_verified(world):
    audit = f"audits/{world.lin.ids['audit_id']}/findings/"
    words = {"grade": "major", "requirement": "计量器具在校准有效期内", "observed": "天平已过期", "question_code": "MW-3", "client_id": "f9"}
    finding = done(world("chen", "POST", audit, words), 201)
    same = done(world("chen", "POST", audit, words), 201)
    address = f"findings/{finding['id']}/"
    answer = {"correction": "停用", "cause": "漏检", "action": "列入月检"}
    steps = [
        done(world("lin", "POST", f"{address}contest/", {"reason": "当天已送检"})),
        done(world("chen", "POST", f"{address}uphold/", {"reason": "未见送检单"})),
        done(world("lin", "POST", f"{address}answer/", {**answer, "evidence": filed(world)["id"]}), 201),
        done(world("chen", "POST", f"{address}refuse/", {"reason": "请附证书"})),
        done(world("lin", "POST", f"{address}answer/", answer), 201),
        done(world("chen", "POST", f"{address}verify/")),
    ]

    assert same["id"] == finding["id"]
    assert [step["state"] for step in steps] == ["contested", "accepted", "answered", "accepted", "answered", "closed"]
    assert [action["state"] for action in steps[-1]["actions"]] == ["refused", "verified"]
    assert finding["id"] in [row["id"] for row in done(world("lin", "GET", "findings/?view=done&grade=major"))["results"]]


def test_a_finding_is_accepted_or_withdrawn(world):
    audit = f"audits/{world.lin.ids['audit_id']}/findings/"
    words = {"grade": "minor", "requirement": "工艺单现行有效", "observed": "版本旧"}
    first, second = (done(world("chen", "POST", audit, words), 201)["id"] for _ in range(2))

    assert done(world("lin", "POST", f"findings/{first}/accept/"))["state"] == "accepted"
    assert done(world("chen", "POST", f"findings/{second}/withdraw/", {"reason": "已核实无误"}))["state"] == "withdrawn"


def test_both_sides_read_one_stream_agree_and_dispute(world):
    ids = world.lin.ids
    stream = done(world("chen", "GET", "record/streams/"))["results"][0]["id"]
    page = done(world("lin", "GET", f"record/streams/{stream}/entries/?page_size=3"))
    following = done(world("lin", "GET", page["next"]))
    signed = done(world("lin", "GET", f"record/streams/{stream}/entries/?kind=agreement_signed"))["results"]
    disputed = done(world("chen", "POST", f"record/entries/{signed[0]['id']}/dispute/", {"reason": "签署日期不对"}))
    settled = done(world("chen", "POST", f"record/entries/{signed[0]['id']}/agree/"))

    assert stream == str(ids["stream_id"])
    assert len({row["id"] for row in page["results"] + following["results"]}) == 3 + len(following["results"])
    assert {row["kind"] for row in signed} == {"agreement_signed"}
    assert [disputed["said"][-1]["word"], settled["said"][-1]["word"]] == ["disputed", "settled"]
    assert done(world("lin", "GET", f"record/entries/{ids['entry_id']}/"))["said"][-1]["side"] == "supplier"


def test_evidence_opens_by_a_link_and_a_shared_one_too(world):
    ids = world.lin.ids
    own = done(world("lin", "GET", f"evidence/{ids['evidence_id']}/"))
    file = world("lin", "GET", own["link"])
    share = done(world("chen", "GET", f"evidence/shared/{ids['share_id']}/"))
    shown = world("chen", "GET", share["link"])
    fresh = world("lin", "GET", f"evidence/{ids['evidence_id']}/file/?copy=original")

    assert (file.status, file.headers["Content-Security-Policy"]) == (200, "sandbox; default-src 'none'")
    assert file.raw[:2] == b"\xff\xd8"
    assert (shown.status, shown.raw) == (200, file.raw)
    assert fresh.status == 302
    assert world("lin", "GET", own["link"][:-3] + "xxx").status == 404
    assert world("chen", "GET", own["link"]).status == 404


def test_an_upload_comes_in_pieces(world):
    data = photo((9, 9, 9)).read_bytes()
    declared = {"name": "a.jpg", "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "client_id": "piece-1", "purpose": "photo"}
    begun = done(world("lin", "POST", "evidence/uploads/", declared), 201)
    address = f"evidence/uploads/{begun['id']}/"
    octets = {"content_type": "application/octet-stream"}
    half = done(world("lin", "PATCH", address, data[:500], upload_offset="0", **octets))
    wrong = world("lin", "PATCH", address, data[500:], upload_offset="0", **octets)
    whole = done(world("lin", "PATCH", address, data[500:], upload_offset="500", **octets))

    assert (begun["received"], half["received"], whole["received"]) == (0, 500, len(data))
    assert (wrong.status, wrong.body["code"]) == (409, "upload_offset")
    assert done(world("lin", "GET", f"evidence/{whole['evidence']}/"))["sha256"] == declared["sha256"]
    assert done(world("lin", "GET", address))["evidence"] == whole["evidence"]


def test_the_inbox_is_read_and_tasks_are_listed(world):
    unread = done(world("lin", "GET", "notifications/?show=unread"))["results"]
    one = done(world("lin", "POST", "notifications/read/", {"notification": unread[0]["id"]}))
    rest = done(world("lin", "POST", "notifications/read/", {"all": True}))

    assert (one, rest) == ({"read": 1}, {"read": len(unread) - 1})
    assert done(world("lin", "GET", "notifications/?show=unread"))["results"] == []
    assert "finding_answered" in {row["kind"] for row in done(world("chen", "GET", "tasks/"))}


def test_the_bureau_reads_states_and_counts_and_no_word(world):
    rows = done(world("zhou", "GET", "bureau/agreements/?state=in_force&page_size=3"))
    onward = done(world("zhou", "GET", rows["next"]))
    one = done(world("zhou", "GET", f"bureau/agreements/{world.lin.ids['agreement_id']}/"))
    places = done(world("zhou", "GET", "bureau/map/"))
    towns = done(world("zhou", "GET", "bureau/map/?region=330203"))

    seen = [row["agreement"]["id"] for row in rows["results"] + onward["results"]]
    assert len(set(seen)) == len(seen) == 6  # of each pair, the yarn and the zips
    assert {str(s.ids["agreement_id"]) for s in (world.lin, world.wu)} < set(seen)
    assert {duty["side"] for duty in one["obligations"]} == {"owner", "supplier"}
    assert "clauses" not in one["agreement"]
    assert next(place for place in places if place["code"] == "330203")["agreements"] == 6
    assert len(towns) == 17
    assert world("zhou", "GET", f"agreements/{world.lin.ids['agreement_id']}/").status == 403


def test_the_platform_gives_a_dead_letter_its_tries_back(world):
    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.create(
            task="notices.send_mail", key="dead-1", created_at=timezone.now(), next_try_at=timezone.now(), dead_at=timezone.now(), attempts=9
        )

    work = done(world("pan", "GET", "jobs/"))
    retried = done(world("pan", "POST", f"jobs/{event.pk}/retry/"))

    assert str(event.pk) in [row["id"] for row in work["dead"]]
    assert (retried["dead_at"], retried["attempts"]) == (None, 0)
