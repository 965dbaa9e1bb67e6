"""Check the whole record and name the first bad entry."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.services.verify import verify_record


class Command(BaseCommand):
    help = "Rebuild every leaf, commitment, number and the tree; exit 1 and name the first entry that does not hold."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_record()
        if options["json"]:
            self.stdout.write(json.dumps(verdict.__dict__))
        elif verdict.holds:
            erased = f", the words of {verdict.erased} erased" if verdict.erased else ""
            self.stdout.write(f"The record holds: {verdict.entries} entries{erased}.")
        if not verdict.holds:
            place = f"number {verdict.number} of stream {verdict.stream_id}" if verdict.entry_id else "the tree"
            raise CommandError(f"The record does not hold at entry {verdict.entry_id} ({place}): {verdict.problem}")
