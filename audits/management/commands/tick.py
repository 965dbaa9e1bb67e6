"""One turn of the audits' clock at a moment that is given, by hand or from a test."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from audits.services import tick


class Command(BaseCommand):
    help = "Make what is due: now, at the moments given by --at, or at those that arrive line by line with --follow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", action="append", default=[], help="a moment with its offset, 2026-03-02T08:00+08:00; may be given again"
        )
        parser.add_argument("--follow", action="store_true", help="read moments from standard input until it ends")

    def handle(self, *args: Any, **options: Any) -> None:
        for moment in self._moments(options):
            self.stdout.write(f"{moment.isoformat()} {tick(moment)}")
            self.stdout.flush()

    def _moments(self, options: dict[str, Any]) -> Iterator[datetime]:
        if not options["at"] and not options["follow"]:
            yield timezone.now()
        yield from map(_moment, options["at"])
        if options["follow"]:
            yield from (_moment(line.strip()) for line in iter(sys.stdin.readline, "") if line.strip())


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise CommandError(f"Not a moment with its offset: {text}")
    return moment
