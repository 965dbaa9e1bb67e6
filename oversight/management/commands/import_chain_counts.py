"""Statistics of the industry chain from a file, by the way that the page takes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from oversight.forms_chain import LARGEST, quarters_back
from oversight.services.chain_map import ChainFileToMend, StatSaid, import_chain_counts
from oversight.words_chain import fault_words
from parties.models import Person
from parties.selectors import actor_of, today, wearables


class Command(BaseCommand):
    help = "Hand in statistics of the industry chain (.csv, .xlsx) for a person of the bureau or of the platform. The same file again changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--person", required=True, help="user name of who hands it in")
        parser.add_argument("--quarter", required=True, choices=quarters_back(today()), metavar="QUARTER", help="2026Q3")
        parser.add_argument("--source", required=True, help="who counted")
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, help="the day of the figures, 2026-09-30")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise CommandError(f"There is no file {path}, or it is larger than 5 MB.")
        actor = _actor(options["person"])
        said = StatSaid(options["quarter"], options["source"], options["as_of"])
        with override("en"), as_actor(actor):
            try:
                batches = import_chain_counts(actor=actor, said=said, file_name=path.name, data=path.read_bytes(), now=timezone.now())
            except ChainFileToMend as broken:
                raise CommandError(
                    "\n".join(f"row {fault.line}: {fault_words(fault.code, fault.facts)}" for fault in broken.faults)
                ) from None
            except RuleBroken as broken:
                raise CommandError(broken.words()) from None
        self.stdout.write(
            ", ".join(f"{batch.quarter} {batch.parent_code}: {batch.firms} firms in {batch.lines} lines" for batch in batches)
        )


def _actor(username: str) -> Any:
    """Who it is, in the hat of the bureau or of the platform."""
    with acting_as(Hat.LOBBY):
        person = Person.objects.filter(username=username, is_active=True).first()
        worn = [one for one in wearables(person, on=today()) if one.hat in (Hat.BUREAU, Hat.PLATFORM)] if person else []
        if person is None or not worn:
            raise CommandError(f"{username} is nobody of the bureau or of the platform today.")
        return actor_of(person, worn[0])
