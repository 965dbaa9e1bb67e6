"""Proposals on the clauses of a text, and talk: kept as they were said, settled once."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import Grants, RowSecurity

SAME_SIDES = """
alter table agreements_agreementversion add constraint version_names_its_agreement unique (id, agreement_id);
alter table agreements_proposal add constraint proposal_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_proposal add constraint proposal_is_of_its_versions_agreement
  foreign key (version_id, agreement_id) references agreements_agreementversion (id, agreement_id);
alter table agreements_proposal add constraint proposal_answers_one_of_its_version
  foreign key (answers_id, version_id) references agreements_proposal (id, version_id);
alter table agreements_comment add constraint comment_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_comment add constraint comment_is_of_its_versions_agreement
  foreign key (version_id, agreement_id) references agreements_agreementversion (id, agreement_id);
"""

# What was said stays as it was said. A proposal is settled once, by the hand that the row names; an answer may be taken back
# by the side that gave it for as long as no later text took this one's place.
KEPT = """
create function side_of_this_hand() returns text language sql stable as $$
  select case when current_user like '%hat_owner' then 'owner' when current_user like '%hat_supplier' then 'supplier' else '' end
$$;
create function proposal_hangs_on_a_shown_text() returns trigger language plpgsql as $$
begin
  if new.in_draft = exists (select 1 from agreements_agreementversion v where v.id = new.version_id and v.locked_at is not null) then
    raise exception 'a proposal hangs on a text that was sent, or is the owner''s in its own draft' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create function proposal_is_only_settled() returns trigger language plpgsql as $$
declare hand text := side_of_this_hand();
begin
  if (to_jsonb(new) - 'state' - 'settled_at' - 'settled_side' - 'settled_by' - 'reply')
     = (to_jsonb(old) - 'state' - 'settled_at' - 'settled_side' - 'settled_by' - 'reply') then
    if old.state = 'open' and new.state <> 'open' and hand in ('', new.settled_side) then
      return new;
    end if;
    if old.state in ('accepted', 'declined') and new.state = 'open' and not old.in_draft and hand in ('', old.settled_side)
       and exists (select 1 from agreements_agreementversion v where v.id = old.version_id and v.state in ('in_review', 'agreed', 'signing')) then
      return new;
    end if;
  end if;
  raise exception 'a proposal is kept as it was made; it is only settled' using errcode = 'restrict_violation';
end $$;
create function comment_is_only_resolved() returns trigger language plpgsql as $$
begin
  if old.resolved_at is null and new.resolved_at is not null
     and (to_jsonb(new) - 'resolved_at' - 'resolved_by') = (to_jsonb(old) - 'resolved_at' - 'resolved_by') then
    return new;
  end if;
  raise exception 'a comment is kept as it was said; it is only resolved' using errcode = 'restrict_violation';
end $$;
create trigger proposal_hangs_on_a_shown_text before insert on agreements_proposal for each row execute function proposal_hangs_on_a_shown_text();
create trigger proposal_is_only_settled before update on agreements_proposal for each row execute function proposal_is_only_settled();
create trigger proposal_is_kept before delete on agreements_proposal for each row execute function record_is_append_only();
create trigger proposals_are_kept before truncate on agreements_proposal execute function record_is_append_only();
create trigger comment_is_only_resolved before update on agreements_comment for each row execute function comment_is_only_resolved();
create trigger comment_is_kept before delete on agreements_comment for each row execute function record_is_append_only();
create trigger comments_are_kept before truncate on agreements_comment execute function record_is_append_only();
"""

# An unsent draft is its owner's own, and what the owner's people propose to each other in it stays theirs after it was sent.
SHOWN = "exists (select 1 from agreements_agreementversion v where v.id = version_id)"
HIDDEN = [("agreements_proposal", f"not in_draft and {SHOWN}"), ("agreements_comment", SHOWN)]


def hide_drafts(apps, schema_editor):
    for table, test in HIDDEN:
        role = role_of(Hat.SUPPLIER)
        schema_editor.execute(
            f"create policy draft_is_its_owners_supplier on {table} as restrictive to {role} using ({test}) with check ({test})"
        )


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_library"), ("records", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("clause_order", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("said", "Said"), ("fine", "Fine")], default="said", max_length=8)),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("text", models.TextField(blank=True)),
                ("client_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_by", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("clause_order", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("change", "Change"), ("add", "Add"), ("remove", "Remove")], max_length=8)),
                ("type", models.CharField(max_length=30)),
                ("binds", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("params", models.JSONField()),
                ("text_zh", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("base", models.CharField(blank=True, max_length=64)),
                ("in_draft", models.BooleanField(default=False)),
                ("side", models.CharField(choices=[("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")], max_length=8)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("countered", "Countered"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("client_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_side", models.CharField(blank=True, max_length=8)),
                ("settled_by", models.CharField(blank=True, max_length=60)),
                ("reply", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="comment",
            name="agreement",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="agreements.agreement"),
        ),
        migrations.AddField(
            model_name="comment",
            name="version",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="agreements.agreementversion"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="agreement",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="agreements.agreement"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="answers",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="answered_by", to="agreements.proposal"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="agreements.agreementversion"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["version", "clause_order", "at"], name="comment_of_version"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="comment_is_made_once"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "fine"), ("resolved_at", None)),
                fields=("version", "clause_order", "side"),
                name="clause_is_found_fine_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
                    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
                    _connector="OR",
                ),
                name="comment_is_made_by_its_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "fine"), ("text", "")),
                    models.Q(("kind", "said"), models.Q(("text", ""), _negated=True)),
                    _connector="OR",
                ),
                name="comment_has_words",
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["version", "clause_order", "at"], name="proposal_of_version"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(fields=("org_id", "client_id"), name="proposal_is_made_once"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(fields=("id", "version"), name="proposal_names_its_version"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_draft", False), ("state", "open"), models.Q(("kind", "add"), _negated=True)),
                fields=("version", "clause_order"),
                name="one_open_proposal_for_each_clause",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
                    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
                    _connector="OR",
                ),
                name="proposal_is_made_by_its_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_draft", False), ("side", "owner"), _connector="OR"), name="proposal_in_a_draft_is_the_owners"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_side", ""), ("state", "open")),
                    models.Q(("settled_at__isnull", False), ("settled_side", models.F("side")), ("state", "withdrawn")),
                    models.Q(("in_draft", True), ("settled_at__isnull", False), ("state__in", ["accepted", "declined"])),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_side__in", ["owner", "supplier"]),
                        ("state__in", ["accepted", "declined", "countered"]),
                        models.Q(("settled_side", models.F("side")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="proposal_is_answered_by_the_other_side",
            ),
        ),
        RowSecurity(
            "agreements_proposal",
            owner=["owner_org_id: select update(state,settled_at,settled_side,settled_by,reply)", "org_id: insert"],
            supplier=["supplier_org_id: select update(state,settled_at,settled_side,settled_by,reply)", "org_id: insert"],
            clock="*: select",
        ),
        RowSecurity(
            "agreements_comment",
            owner=["owner_org_id: select update(resolved_at,resolved_by)", "org_id: insert"],
            supplier=["supplier_org_id: select update(resolved_at,resolved_by)", "org_id: insert"],
            clock="*: select",
        ),
        # The last acceptance makes the next text and locks it, whichever side gave it.
        Grants("agreements_agreementversion", clock="update (canonical, sha256, locked_at)"),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunPython(hide_drafts, migrations.RunPython.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
