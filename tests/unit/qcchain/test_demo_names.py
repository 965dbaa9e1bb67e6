"""Invented names and codes: valid, marked, the same for one seed, spread as the given counts say."""

from datetime import date, timedelta
from itertools import islice

from agreements.schedule import add_months
from foundation.actor import Hat
from parties.reference import chain_nodes, regions
from parties.roles import MAY_WRITE
from parties.uscc import problem
from qcchain.demo.firms import HAISHU, firms_of
from qcchain.demo.moments import start_for
from qcchain.demo.names import codes, short_names
from qcchain.demo.people import COLLEAGUES, SIGN_INS, VISITORS
from qcchain.demo.spread import chain_counts, haishu_counts, shared_out


def test_codes_fit_the_standard_over_a_body_that_no_register_gives():
    drawn = list(islice(codes(), 500))

    assert [problem(code) for code in drawn] == [None] * 500
    assert {code[:5] for code in drawn} == {"0DEM0"}
    assert len(set(drawn)) == 500


def test_one_seed_gives_the_same_firms():
    assert firms_of(420, more_owners=True) == firms_of(420, more_owners=True)
    assert list(islice(short_names(7), 20)) == list(islice(short_names(7), 20)) != list(islice(short_names(8), 20))


def test_every_firm_is_marked_in_both_languages():
    firms = firms_of(420, more_owners=True)

    named = [firm for firm in firms if firm.is_neutral]
    assert [firm.name.zh for firm in named] == ["康赛妮（示例数据）", "博洋（示例数据）"]
    assert [firm.name.en for firm in named] == ["Consinee (demo data)", "Boyang (demo data)"]
    assert [firm for firm in firms if not firm.is_neutral and not firm.name.zh.endswith("（示例）")] == []
    assert [firm for firm in firms if not firm.is_neutral and not firm.name.en.endswith("(demo)")] == []


def test_a_profile_has_as_many_firms_as_it_says_and_no_name_or_code_twice():
    for suppliers, owners in ((8, 4), (420, 6)):
        firms = firms_of(suppliers, more_owners=owners == 6)

        assert sum(firm.hat == Hat.SUPPLIER for firm in firms) == suppliers
        assert sum(firm.hat == Hat.OWNER for firm in firms) == owners
        assert len({firm.name.zh for firm in firms}) == len({firm.key for firm in firms}) == len(firms)
        assert [firm.number for firm in firms] == list(range(len(firms)))


def test_every_place_and_node_is_one_of_the_reference_data():
    places = {row.code for row in regions()}
    nodes = {node.code for node in chain_nodes()}
    firms = firms_of(420, more_owners=True)

    assert {region for region, _node in chain_counts()} <= places
    assert set(haishu_counts()) == {row.name_zh for row in regions() if row.parent == HAISHU}
    assert {firm.region for firm in firms} | {firm.town for firm in firms if firm.town} <= places
    assert {node for firm in firms for node in firm.nodes} == nodes


def test_firms_stand_in_all_twelve_regions_and_all_seventeen_towns():
    firms = firms_of(420, more_owners=True)

    assert len({firm.region for firm in firms}) == 12
    assert len({firm.town for firm in firms if firm.region == HAISHU and firm.town}) == 17


def test_sharing_out_loses_nothing_and_follows_the_weights():
    parts = shared_out(412, chain_counts())

    assert sum(parts.values()) == 412
    assert max(parts, key=parts.__getitem__) == max(chain_counts(), key=chain_counts().__getitem__)
    assert shared_out(5, {"a": 1, "b": 1, "c": 3}) == {"a": 1, "b": 1, "c": 3}


def test_a_first_day_is_found_from_which_the_duty_falls_on_the_day_wanted():
    wanted = date(2026, 5, 15)

    start = start_for(wanted, months=2, days=10)

    assert add_months(start, 2) + timedelta(days=10) == wanted


def test_each_visitor_acts_for_a_firm_of_every_profile():
    keys = {firm.key for firm in firms_of(8, more_owners=False)}

    assert [visitor.username for visitor in VISITORS] == ["chen", "lin", "wu", "zhou", "mei", "an", "pan", "fang"]
    assert {visitor.firm for visitor in SIGN_INS} <= keys


def test_laboratory_and_platform_have_two_people_who_may_both_decide():
    assert [(each.username, each.firm) for each in COLLEAGUES] == [("xia", "lab"), ("zhong", "platform")]
    assert len({each.username for each in SIGN_INS}) == len({each.name for each in SIGN_INS}) == 10
    assert all(set(each.roles) & set(MAY_WRITE) for each in COLLEAGUES)
