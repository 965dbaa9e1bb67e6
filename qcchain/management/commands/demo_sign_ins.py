"""Who may sign in to the demo, with which words, and what stands first on each page: in both languages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.actor import Hat, acting_as
from parties.models import Person
from qcchain.demo.people import DEMO_PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Print the demo sign-ins, where demo data are loaded."
    # Run at each start, between the web and its first visitor: no checks.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(Hat.LOBBY):
            here = set(Person.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
        visitors = [visitor for visitor in SIGN_INS if visitor.username in here]
        if not visitors:
            self.stdout.write("没有示例数据。 No demo data here.")
            return
        self.stdout.write(f"登录 Sign in  {settings.PUBLIC_URL}/")
        self.stdout.write(f"示例密码 Demo password  {DEMO_PASSWORD}   （仅供示例 for demo data only）\n")
        for visitor in visitors:
            self.stdout.write(f"  {visitor.username:<6}{visitor.name}  {visitor.hat_zh} · {visitor.hat_en}")
            self.stdout.write(f"        {visitor.first_zh}")
            self.stdout.write(f"        {visitor.first_en}")
