"""The lists that a firm keeps of itself: sites, processes, products, instruments. The same verbs as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor
from parties.endpoints import Endpoint, InBoth, Said, Shape, verb
from records.selectors import evidence_for
from suppliers.firm_words import CAPACITY_UNITS, INSTRUMENT_KINDS, SAFETY_CLASSES
from suppliers.models import Instrument, Process, Product, Site
from suppliers.selectors.firm_lists import calibration_of, instruments_of, processes_of, products_of, sites_of, thing_for
from suppliers.services import firm_instruments, firm_places, firm_products
from suppliers.services.firm_shelf import FIRM_HATS

MOST_PEOPLE, MOST_MADE = 200_000, 2_000_000_000


class FirmEndpoint(Endpoint):
    hats = FIRM_HATS


class OnceSaid(Said):
    client_id = serializers.UUIDField(required=False, help_text="The same client_id adds once.")


class RetirementSaid(Said):
    retired = serializers.BooleanField(help_text="true: off the list, nothing is deleted; false: back on it.")


class ThingShape(Shape):
    id = serializers.UUIDField()
    retired_at = serializers.DateTimeField(allow_null=True)


class FirmSiteShape(ThingShape):
    name = InBoth("name")
    address = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    town_code = serializers.CharField(allow_blank=True)
    node_codes = serializers.ListField(child=serializers.CharField())
    headcount = serializers.IntegerField(allow_null=True)
    floor_notes = serializers.CharField(allow_blank=True)
    is_main = serializers.BooleanField()


class SiteWords(OnceSaid):
    name = serializers.CharField(max_length=80)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    place = serializers.CharField(max_length=12, required=False, allow_blank=True, help_text="The code of a district, a zone or a town.")
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=20)
    headcount = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True)
    floor_notes = serializers.CharField(max_length=500, required=False, allow_blank=True)


class ProcessShape(ThingShape):
    site = serializers.UUIDField(source="site_id")
    node_code = serializers.CharField()
    machines = serializers.CharField(allow_blank=True)
    capacity = serializers.IntegerField(allow_null=True, help_text="A month, in capacity_unit.")
    capacity_unit = serializers.CharField(allow_blank=True)


class ProcessWords(OnceSaid):
    site = serializers.UUIDField(source="site_id")
    node_code = serializers.CharField(max_length=12)
    machines = serializers.CharField(max_length=200, required=False, allow_blank=True)
    capacity = serializers.IntegerField(min_value=0, max_value=MOST_MADE, required=False, allow_null=True)
    capacity_unit = serializers.ChoiceField(["", *CAPACITY_UNITS], required=False)


class ProductShape(ThingShape):
    code = serializers.CharField()
    name = serializers.CharField()
    node_code = serializers.CharField(allow_blank=True)
    construction = serializers.CharField(allow_blank=True)
    safety_class = serializers.CharField(allow_blank=True)
    colours = serializers.ListField(child=serializers.CharField())


class ProductWords(OnceSaid):
    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=80)
    node_code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    construction = serializers.CharField(max_length=200, required=False, allow_blank=True)
    safety_class = serializers.ChoiceField(["", *SAFETY_CLASSES], required=False)
    colours = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=60)


class InstrumentShape(ThingShape):
    site = serializers.UUIDField(source="site_id", allow_null=True)
    kind = serializers.CharField()
    model = serializers.CharField(allow_blank=True)
    serial = serializers.CharField()
    calibrated_on = serializers.DateField(allow_null=True)
    calibration_due_on = serializers.DateField(allow_null=True)
    certificate_number = serializers.CharField(allow_blank=True)
    evidence = serializers.UUIDField(source="evidence_id", allow_null=True)
    state = serializers.SerializerMethodField(help_text="in_date, due_soon, overdue or no_day, today; retired.")

    def get_state(self, row: Instrument) -> str:
        return calibration_of(row, on=timezone.localdate())


class InstrumentWords(OnceSaid):
    kind = serializers.ChoiceField(sorted(INSTRUMENT_KINDS))
    serial = serializers.CharField(max_length=60, help_text="The number on its plate, unique in the firm.")
    site = serializers.UUIDField(source="site_id", required=False, allow_null=True)
    model = serializers.CharField(max_length=80, required=False, allow_blank=True)
    calibrated_on = serializers.DateField(required=False, allow_null=True)
    calibration_due_on = serializers.DateField(required=False, allow_null=True)
    certificate_number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    evidence = serializers.UUIDField(required=False, help_text="The firm's own evidence, uploaded before.")


def _once(said: dict[str, Any]) -> UUID:
    client_id: UUID = said.pop("client_id", None) or uuid4()
    return client_id


class FirmSites(FirmEndpoint):
    @verb("The firm's sites in use, the main one first", gives=FirmSiteShape(many=True))
    def get(self, actor: Actor) -> list[Site]:
        return sites_of(actor)

    @verb("Add a site", takes=SiteWords, gives=FirmSiteShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Site:
        client_id = _once(said)
        return firm_places.add_site(actor=actor, said=firm_places.SiteSaid(**said), client_id=client_id, now=timezone.now())


class FirmSite(FirmEndpoint):
    @verb("One site", gives=FirmSiteShape)
    def get(self, actor: Actor, site_id: UUID) -> Site:
        return thing_for(actor, Site, site_id)

    @verb("Say of a site what is true now; what is left out becomes empty", takes=SiteWords, gives=FirmSiteShape)
    def put(self, actor: Actor, site_id: UUID, said: dict[str, Any]) -> Site:
        site = thing_for(actor, Site, site_id)
        _once(said)
        return firm_places.edit_site(actor=actor, site=site, said=firm_places.SiteSaid(**said))


class FirmSiteRetirement(FirmEndpoint):
    @verb("Retire a site, or take it back", takes=RetirementSaid, gives=FirmSiteShape)
    def post(self, actor: Actor, site_id: UUID, said: dict[str, Any]) -> Site:
        site = thing_for(actor, Site, site_id)
        if said["retired"]:
            firm_places.retire_site(actor=actor, site=site, now=timezone.now())
        else:
            firm_places.take_back_site(actor=actor, site=site)
        return thing_for(actor, Site, site_id)


class Processes(FirmEndpoint):
    @verb("What the firm does at which site", gives=ProcessShape(many=True))
    def get(self, actor: Actor) -> list[Process]:
        return processes_of(actor)

    @verb("Add a process", takes=ProcessWords, gives=ProcessShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Process:
        client_id = _once(said)
        return firm_places.add_process(actor=actor, said=firm_places.ProcessSaid(**said), client_id=client_id, now=timezone.now())


class ProcessOne(FirmEndpoint):
    @verb("One process", gives=ProcessShape)
    def get(self, actor: Actor, process_id: UUID) -> Process:
        return thing_for(actor, Process, process_id)

    @verb("Say of a process what is true now; what is left out becomes empty", takes=ProcessWords, gives=ProcessShape)
    def put(self, actor: Actor, process_id: UUID, said: dict[str, Any]) -> Process:
        process = thing_for(actor, Process, process_id)
        _once(said)
        return firm_places.edit_process(actor=actor, process=process, said=firm_places.ProcessSaid(**said))


class ProcessRetirement(FirmEndpoint):
    @verb("Retire a process, or take it back", takes=RetirementSaid, gives=ProcessShape)
    def post(self, actor: Actor, process_id: UUID, said: dict[str, Any]) -> Process:
        process = thing_for(actor, Process, process_id)
        if said["retired"]:
            firm_places.retire_process(actor=actor, process=process, now=timezone.now())
        else:
            firm_places.take_back_process(actor=actor, process=process)
        return thing_for(actor, Process, process_id)


class Products(FirmEndpoint):
    @verb("The firm's own list of products", gives=ProductShape(many=True))
    def get(self, actor: Actor) -> list[Product]:
        return products_of(actor)

    @verb("Add a product", takes=ProductWords, gives=ProductShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Product:
        client_id = _once(said)
        return firm_products.add_product(actor=actor, said=firm_products.ProductSaid(**said), client_id=client_id, now=timezone.now())


class ProductOne(FirmEndpoint):
    @verb("One product", gives=ProductShape)
    def get(self, actor: Actor, product_id: UUID) -> Product:
        return thing_for(actor, Product, product_id)

    @verb("Say of a product what is true now; what is left out becomes empty", takes=ProductWords, gives=ProductShape)
    def put(self, actor: Actor, product_id: UUID, said: dict[str, Any]) -> Product:
        product = thing_for(actor, Product, product_id)
        _once(said)
        return firm_products.edit_product(actor=actor, product=product, said=firm_products.ProductSaid(**said), now=timezone.now())


class ProductRetirement(FirmEndpoint):
    @verb("Retire a product, or take it back", takes=RetirementSaid, gives=ProductShape)
    def post(self, actor: Actor, product_id: UUID, said: dict[str, Any]) -> Product:
        product = thing_for(actor, Product, product_id)
        change = firm_products.retire_product if said["retired"] else firm_products.take_back_product
        change(actor=actor, product=product, now=timezone.now())
        return thing_for(actor, Product, product_id)


def _calibration(actor: Actor, said: dict[str, Any]) -> Any:
    evidence_id = said.pop("evidence", None)
    return evidence_for(actor, evidence_id) if evidence_id else None


class Instruments(FirmEndpoint):
    @verb("The firm's instruments, whose calibration runs out first", gives=InstrumentShape(many=True))
    def get(self, actor: Actor) -> list[Instrument]:
        return instruments_of(actor)

    @verb("Add an instrument", takes=InstrumentWords, gives=InstrumentShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Instrument:
        client_id, certificate = _once(said), _calibration(actor, said)
        words = firm_instruments.InstrumentSaid(**said)
        return firm_instruments.add_instrument(actor=actor, said=words, client_id=client_id, now=timezone.now(), certificate=certificate)


class InstrumentOne(FirmEndpoint):
    @verb("One instrument", gives=InstrumentShape)
    def get(self, actor: Actor, instrument_id: UUID) -> Instrument:
        return thing_for(actor, Instrument, instrument_id)

    @verb("Say of an instrument what is true now; what is left out becomes empty", takes=InstrumentWords, gives=InstrumentShape)
    def put(self, actor: Actor, instrument_id: UUID, said: dict[str, Any]) -> Instrument:
        row = thing_for(actor, Instrument, instrument_id)
        _once(said)
        certificate = _calibration(actor, said)
        words = firm_instruments.InstrumentSaid(**said)
        return firm_instruments.edit_instrument(actor=actor, instrument=row, said=words, now=timezone.now(), certificate=certificate)


class InstrumentRetirement(FirmEndpoint):
    @verb("Retire an instrument, or take it back", takes=RetirementSaid, gives=InstrumentShape)
    def post(self, actor: Actor, instrument_id: UUID, said: dict[str, Any]) -> Instrument:
        row = thing_for(actor, Instrument, instrument_id)
        change = firm_instruments.retire_instrument if said["retired"] else firm_instruments.take_back_instrument
        change(actor=actor, instrument=row, now=timezone.now())
        return thing_for(actor, Instrument, instrument_id)
