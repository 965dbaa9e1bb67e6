"""A version has a state of its own: an amendment is drafted, agreed and signed while the text before it stays in force."""

from django.db import migrations, models

from foundation.scope import Grants

# As in 0002_walls, and the state of a locked text moves; so does the moment of its second signature, once.
LOCKED = """
create or replace function locked_version_is_not_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.locked_at is null then return old; end if;
  elsif old.locked_at is null then
    return new;
  elsif (to_jsonb(new) - 'in_force' - 'effective_to' - 'effective_from' - 'state' - 'signed_at')
      = (to_jsonb(old) - 'in_force' - 'effective_to' - 'effective_from' - 'state' - 'signed_at')
     and (new.signed_at is not distinct from old.signed_at or old.signed_at is null)
     and (new.effective_from = old.effective_from
          or (new.effective_from > old.effective_from and new.in_force and not old.in_force)) then
    return new;
  end if;
  raise exception 'a locked agreement version is not changed' using errcode = 'restrict_violation';
end $$;
"""

STATES = """
update agreements_agreementversion v set state = case
    when v.in_force and exists (select 1 from agreements_agreementversion w where w.agreement_id = v.agreement_id and w.in_force and w.number > v.number)
      then 'superseded'
    when v.in_force and a.state in ('expired', 'terminated') then 'ended'
    when v.in_force then 'in_force'
    when v.locked_at is null then 'draft'
    when v.number < (select max(w.number) from agreements_agreementversion w where w.agreement_id = v.agreement_id) then 'replaced'
    when a.state in ('in_review', 'signing', 'signed', 'withdrawn') then a.state
    else 'ended' end,
  signed_at = case when v.locked_at is not null and (v.in_force or a.state = 'signed') then a.signed_at end
from agreements_agreement a where a.id = v.agreement_id;
"""


AGREEMENT = [
    ("draft", "Draft"), ("in_review", "In Review"), ("agreed", "Agreed"), ("signing", "Signing"), ("signed", "Signed"), ("in_force", "In Force"),
    ("suspended", "Suspended"), ("expired", "Expired"), ("terminated", "Terminated"), ("withdrawn", "Withdrawn"),
]  # fmt: skip
VERSION = [
    ("draft", "Draft"), ("in_review", "In Review"), ("agreed", "Agreed"), ("signing", "Signing"), ("signed", "Signed"), ("in_force", "In Force"),
    ("superseded", "Superseded"), ("ended", "Ended"), ("replaced", "Replaced"), ("withdrawn", "Withdrawn"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_walls")]

    operations = [
        migrations.AlterField("agreement", "state", models.CharField(choices=AGREEMENT, default="draft", max_length=12)),
        migrations.AddField("agreementversion", "state", models.CharField(choices=VERSION, default="draft", max_length=12)),
        migrations.AddField("agreementversion", "signed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(LOCKED, migrations.RunSQL.noop),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        Grants("agreements_agreementversion", clock="update (state, signed_at)"),
    ]
