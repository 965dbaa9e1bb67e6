"""The relay and the sequencer: one quiet loop beside the web, the worker and beat."""

import logging
import signal
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from jobs.services import relay_once
from records.services.sequencer import sequence_once

log = logging.getLogger(__name__)
PAUSE = 0.5


class Command(BaseCommand):
    help = "Hand outbox events to the queue and number the record, twice a second, until stopped."
    requires_system_checks: list[str] = []  # pages and templates are no business of this loop

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--lease", type=int, default=60, help="seconds after which an event that nobody finished is handed out again")
        parser.add_argument("--once", action="store_true", help="one turn, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        self.running, self.lease = True, timedelta(seconds=options["lease"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while self.running:
            busy = self._turn()
            if options["once"]:
                return
            if not busy:
                time.sleep(PAUSE)

    def _turn(self) -> bool:
        """One turn; True when there was more to do than one turn could take."""
        try:
            numbered = sequence_once(now=timezone.now())
            return relay_once(now=timezone.now(), lease=self.lease) >= 50 or numbered >= 1000
        except (DatabaseError, OSError) as error:
            # The database or the broker is away: wait for it. What was leased comes back when its lease ends.
            log.warning("the relay waits: %s", type(error).__name__)
            connection.close()
        except Exception as error:  # kombu's errors are of many kinds, and the loop must outlive them
            log.warning("the relay waits: %s", type(error).__name__)
        close_old_connections()
        time.sleep(1)
        return False

    def _stop(self, *_: Any) -> None:
        self.running = False
