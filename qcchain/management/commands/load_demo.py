"""Invented firms that live, once, into an installation that holds nobody yet."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from qcchain.demo.load import PROFILES, load, someone_is_here

THERE = "This installation holds firms already; demo data go only into an empty one. Nothing was changed."
NEVER = "Demo people share one published password: load_demo does not run under production settings."
MORNING = time(10, 0)


class Command(BaseCommand):
    help = "Load invented firms and their stories, relative to today. The same seed gives the same data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--profile", choices=PROFILES, default="demo", help="tiny: 12 firms; demo: more than 420; city: 20,436, for load and for the eye")
        parser.add_argument("--once", action="store_true", help="do nothing where firms are there already, instead of refusing")
        parser.add_argument("--at", type=_day, help="the day that counts as today in Shanghai, 2026-03-02")

    def handle(self, *args: Any, **options: Any) -> None:
        if str(settings.SETTINGS_MODULE).endswith(".production"):
            raise CommandError(NEVER)
        now = timezone.now() if options["at"] is None else _morning_of(options["at"])
        if not someone_is_here():
            call_command("load_library")
            if load(PROFILES[options["profile"]], now=now):
                self.stdout.write(f"Demo data are loaded ({options['profile']}).")
                return
        if not options["once"]:
            raise CommandError(THERE)
        self.stdout.write("Firms are there already; nothing was changed.")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=timezone.get_default_timezone())
