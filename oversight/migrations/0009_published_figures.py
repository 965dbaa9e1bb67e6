"""What everybody reads of a project is a figure that was published on a day and stays; who is in it, only the clock reads."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from foundation.actor import Hat, role_of
from foundation.scope import RowSecurity

OUTSIDE = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER, Hat.PLATFORM)
TABLES = ("oversight_projectfigure", "oversight_figurepart")
KEPT = "create trigger figures_are_kept before update or delete or truncate on {} for each statement execute function record_is_append_only()"
GONE = "drop trigger if exists figures_are_kept on {}"


def narrow(apps, schema_editor):
    """As with its steps: who does not read the project reads no figure of it."""
    for hat in OUTSIDE:
        schema_editor.execute(
            f"create policy narrowed_{hat} on oversight_projectfigure as restrictive for select to {role_of(hat)} "
            "using (exists (select from oversight_researchproject p where p.id = project_id))"
        )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0008_appeals_of_every_kind")]

    operations = [
        migrations.CreateModel(
            name="ProjectFigure",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("published_on", models.DateField()),
                ("firms", models.PositiveSmallIntegerField()),
                ("difference", models.FloatField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                (
                    "project",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="oversight.researchproject"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("project", "month"), name="project_has_one_figure_a_month"),
                    models.CheckConstraint(condition=models.Q(("firms__gte", 5)), name="figure_is_of_five_firms_or_more"),
                    models.CheckConstraint(condition=models.Q(("low__lt", models.F("high"))), name="figure_has_an_interval"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigurePart",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("series_id", models.UUIDField()),
                ("mark", models.UUIDField()),
                (
                    "figure",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="oversight.projectfigure"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("figure", "series_id"), name="firm_counts_once_in_a_figure")],
            },
        ),
        RowSecurity("oversight_projectfigure", **{hat.value: "*: select" for hat in (*OUTSIDE, Hat.BUREAU)}, clock="*: select insert"),
        RowSecurity("oversight_figurepart", clock="*: select insert"),
        migrations.RunSQL([KEPT.format(table) for table in TABLES], [GONE.format(table) for table in TABLES]),
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
