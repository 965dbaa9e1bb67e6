"""Bring the first organisations into an installation: an office, a chain owner, and the person who administers it."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from foundation.actor import BUSINESS_HATS
from parties.models import Membership, Organisation, OrganisationCode, OrgRole, Person, Region
from parties.names import pinyin_key
from parties.uscc import problem
from suppliers.models import Site

ROLES = (Membership.Role.ORG_ADMIN, Membership.Role.SIGNATORY, Membership.Role.QUALITY)


class Command(BaseCommand):
    help = "Open one organisation with its administrator. Suppliers come in by invitation; this is for those who were never invited."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--hat", required=True, choices=[hat.value for hat in BUSINESS_HATS if hat != "supplier"])
        parser.add_argument("--name-zh", required=True)
        parser.add_argument("--name-en", default="")
        parser.add_argument("--uscc", default="", help="unified social credit code; needed for a chain owner")
        parser.add_argument("--region", default="", help="code of its district or zone, as in parties/reference/regions.csv")
        parser.add_argument("--username", required=True)
        parser.add_argument("--person", required=True, help="the administrator's name")
        parser.add_argument("--email", default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options)
        password = getpass.getpass("Password for the administrator: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            org = self._organisation(options)
            self._administrator(org, options, password)
        self.stdout.write(f"{org.name_zh} is open; {options['username']} signs in as its administrator.")

    def _check(self, options: dict[str, Any]) -> None:
        if Person.objects.filter(username=options["username"]).exists():
            raise CommandError(f"The user name {options['username']} is taken. Choose another.")
        if options["hat"] == "owner" and problem(options["uscc"]) is not None:
            raise CommandError(
                "A chain owner needs its credit code, and this one does not fit: --uscc with 18 characters and a valid check character."
            )
        if options["region"] and not Region.objects.filter(pk=options["region"], kind__in=("district", "zone")).exists():
            raise CommandError(f"There is no district or zone {options['region']}. Load the library first: manage.py load_library.")

    def _organisation(self, options: dict[str, Any]) -> Organisation:
        now = timezone.now()
        org = Organisation.objects.create(
            name_zh=options["name_zh"], name_en=options["name_en"], pinyin_key=pinyin_key(options["name_zh"])[:200],
            region_id=options["region"] or None, state=Organisation.State.VERIFIED, created_at=now,
        )  # fmt: skip
        OrgRole.objects.create(org=org, hat=options["hat"])
        if options["uscc"]:
            OrganisationCode.objects.create(org=org, claimed=options["uscc"], verified=options["uscc"])
        if options["hat"] == "owner":
            Site.objects.create(org_id=org.pk, name_zh=org.name_zh, name_en=org.name_en, region_code=options["region"], created_at=now)
        return org

    def _administrator(self, org: Organisation, options: dict[str, Any], password: str) -> None:
        person = Person(username=options["username"], name=options["person"], email=options["email"], created_at=timezone.now())
        person.set_password(password)
        person.save()
        Membership.objects.bulk_create(
            Membership(
                person=person, person_name=person.name, org=org, org_name_zh=org.name_zh, org_name_en=org.name_en, role=role,
                valid_from=timezone.localdate(),
            )
            for role in ROLES
        )  # fmt: skip
