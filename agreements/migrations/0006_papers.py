"""Papers kept as their bytes were, stamped copies and what each side said of them, and the one public question about a hash."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

SAME_SIDES = """
alter table agreements_agreementpaper add constraint paper_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_stampedcopy add constraint stamped_copy_has_the_sides_of_its_version
  foreign key (version_id, owner_org_id, supplier_org_id) references agreements_agreementversion (id, owner_org_id, supplier_org_id);
alter table agreements_stampedcopy add constraint stamped_copy_is_of_the_text_that_stands
  foreign key (version_id, sha256) references agreements_agreementversion (id, sha256);
alter table agreements_stampedcopy add constraint stamped_copy_names_its_version unique (id, version_id);
alter table agreements_agreementpaper add constraint stamped_page_is_of_the_version_of_its_copy
  foreign key (stamped_id, version_id) references agreements_stampedcopy (id, version_id);
alter table agreements_stampedword add constraint stamped_word_has_the_sides_of_its_copy
  foreign key (stamped_id, owner_org_id, supplier_org_id) references agreements_stampedcopy (id, owner_org_id, supplier_org_id);
alter table agreements_agreementpaper add constraint paper_is_named_by_its_hash check (sha256 ~ '^[0-9a-f]{64}$');
create index version_by_its_hash on agreements_agreementversion (sha256);
"""

KEPT = """
create trigger paper_is_kept before update or delete on agreements_agreementpaper for each row execute function record_is_append_only();
create trigger papers_are_kept before truncate on agreements_agreementpaper execute function record_is_append_only();
create trigger stamped_copy_is_kept before update or delete on agreements_stampedcopy for each row execute function record_is_append_only();
create trigger stamped_copies_are_kept before truncate on agreements_stampedcopy execute function record_is_append_only();
create trigger stamped_word_is_kept before update or delete on agreements_stampedword for each row execute function record_is_append_only();
create trigger stamped_words_are_kept before truncate on agreements_stampedword execute function record_is_append_only();
"""

# A text that names a paper is locked only with that paper at hand; and a stamp or a certificate signs only with what proves it.
PROVED = """
create function text_that_is_locked_has_its_paper() returns trigger language plpgsql as $$
declare named text;
begin
  if new.locked_at is null then return new; end if;
  named := new.canonical::jsonb ->> 'text_pdf';
  if named is not null and not exists (
    select 1 from agreements_agreementpaper p where p.version_id = new.id and p.kind = 'text' and p.sha256 = named
  ) then
    raise exception 'the text names a paper that is not kept' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger text_that_is_locked_has_its_paper before update of locked_at on agreements_agreementversion
  for each row execute function text_that_is_locked_has_its_paper();
create function signature_has_its_proof() returns trigger language plpgsql as $$
begin
  if new.method = 'stamped_scan' and not exists (
    select 1 from agreements_stampedcopy s where s.version_id = new.version_id and s.side = new.side
      and 2 = (select count(*) from agreements_stampedword w where w.stamped_id = s.id and w.matches)
  ) then
    raise exception 'a stamp signs once both sides have said that the paper is the text' using errcode = 'restrict_violation';
  end if;
  if new.method = 'certificate' and not exists (
    select 1 from agreements_agreementpaper p where p.version_id = new.version_id and p.side = new.side and p.kind = 'proof'
  ) then
    raise exception 'a certificate signs with its proof' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger signature_has_its_proof before insert on agreements_signature for each row execute function signature_has_its_proof();
"""

# The one question that anybody may ask: it takes a whole hash and gives one of four words, never a row.
STATE = """
create function agreement_paper_state(the_hash text) returns text
language sql security definer set search_path = public, pg_temp stable as $$
  select coalesce((
    select case when v.state in ('signed', 'in_force') then 'valid' else v.state end
    from agreements_agreementversion v
    where v.state in ('signed', 'in_force', 'superseded', 'ended')
      and v.id in (select w.id from agreements_agreementversion w where w.sha256 = the_hash
                   union all
                   select p.version_id from agreements_agreementpaper p where p.sha256 = the_hash and p.kind in ('text', 'signatures'))
    order by v.state in ('signed', 'in_force') desc limit 1), 'not_ours')
$$;
"""
CALL = "agreement_paper_state(text)"
SIDE = [("owner", "Owner"), ("supplier", "Supplier"), ("both", "Both")]
KIND = [("text", "Text"), ("signatures", "Signatures"), ("stamped", "Stamped"), ("proof", "Proof")]
BY_ITS_SIDE = models.Q(
    models.Q(("org_id", models.F("owner_org_id")), ("side", "owner")),
    models.Q(("org_id", models.F("supplier_org_id")), ("side", "supplier")),
    _connector="OR",
)


def pk():
    return models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)


def key(to, name, **words):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=f"agreements.{to}", **words)


def let_the_lobby_ask(apps, schema_editor):
    schema_editor.execute(f"revoke all on function {CALL} from public")
    schema_editor.execute(f"grant execute on function {CALL} to {role_of(Hat.LOBBY)}")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_negotiation")]

    operations = [
        migrations.CreateModel(
            name="StampedCopy",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("side", models.CharField(choices=SIDE, max_length=8)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("sha256", models.CharField(max_length=64)),
                ("client_id", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("version", key("agreementversion", "stamped")),
            ],
        ),
        migrations.CreateModel(
            name="AgreementPaper",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("kind", models.CharField(choices=KIND, max_length=12)),
                ("side", models.CharField(blank=True, choices=SIDE, max_length=8)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("mime", models.CharField(max_length=100)),
                ("path", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("version", key("agreementversion", "papers")),
                ("stamped", key("stampedcopy", "pages", blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StampedWord",
            fields=[
                ("id", pk()),
                ("owner_org_id", models.UUIDField()),
                ("supplier_org_id", models.UUIDField()),
                ("side", models.CharField(choices=SIDE, max_length=8)),
                ("org_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("person_name", models.CharField(max_length=60)),
                ("matches", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("stamped", key("stampedcopy", "words")),
            ],
        ),
        *(
            migrations.AddConstraint(model, constraint)
            for model, constraint in (
                ("stampedcopy", models.UniqueConstraint(fields=("version", "side", "client_id"), name="stamped_copy_is_filed_once")),
                (
                    "stampedcopy",
                    models.UniqueConstraint(fields=("id", "owner_org_id", "supplier_org_id"), name="stamped_copy_names_its_sides"),
                ),
                ("stampedcopy", models.CheckConstraint(condition=BY_ITS_SIDE, name="stamped_copy_is_filed_by_its_side")),
                (
                    "agreementpaper",
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["text", "signatures"])), fields=("version", "kind"), name="paper_is_rendered_once"
                    ),
                ),
                (
                    "agreementpaper",
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "proof")), fields=("version", "side"), name="proof_is_kept_once_a_side"
                    ),
                ),
                ("agreementpaper", models.UniqueConstraint(fields=("stamped", "number"), name="stamped_page_has_its_place")),
                (
                    "agreementpaper",
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "stamped"), ("stamped__isnull", False)),
                            models.Q(models.Q(("kind", "stamped"), _negated=True), ("stamped", None)),
                            _connector="OR",
                        ),
                        name="stamped_paper_belongs_to_a_stamped_copy",
                    ),
                ),
                ("stampedword", models.UniqueConstraint(fields=("stamped", "side"), name="each_side_judges_a_stamped_copy_once")),
                ("stampedword", models.UniqueConstraint(fields=("stamped", "person_id"), name="nobody_judges_a_stamped_copy_for_both")),
                (
                    "stampedword",
                    models.CheckConstraint(
                        condition=models.Q(("matches", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="what_does_not_match_has_a_reason",
                    ),
                ),
                ("stampedword", models.CheckConstraint(condition=BY_ITS_SIDE, name="stamped_word_is_given_by_its_side")),
            )
        ),
        migrations.AddIndex("agreementpaper", models.Index(fields=["sha256"], name="paper_by_its_hash")),
        RowSecurity(
            "agreements_agreementpaper", owner="owner_org_id: select", supplier="supplier_org_id: select", clock="*: select insert"
        ),
        RowSecurity(
            "agreements_stampedcopy",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            clock="*: select",
        ),
        RowSecurity(
            "agreements_stampedword",
            owner=["owner_org_id: select", "org_id: insert"],
            supplier=["supplier_org_id: select", "org_id: insert"],
            clock="*: select",
        ),
        migrations.RunSQL(SAME_SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(PROVED, migrations.RunSQL.noop),
        migrations.RunSQL(STATE, f"drop function {CALL}"),
        migrations.RunPython(let_the_lobby_ask, migrations.RunPython.noop),
    ]
