"""What the desk of services says and hears over the API."""

from __future__ import annotations

from rest_framework import serializers

from onestop.models import Kind
from onestop.selectors.requests import BOARD
from onestop.words_services import ABOUT
from parties.endpoints import Filters, InBoth, PageFilters, Said, Shape

ONCE = "The same client_id is done once."


class ServiceOfferShape(Shape):
    id = serializers.UUIDField()
    provider = InBoth("provider_name")
    kind = serializers.ChoiceField(Kind.values)
    title = serializers.CharField()
    about = serializers.CharField()
    price_note = serializers.CharField()
    answer_hours = serializers.IntegerField(help_text="Working hours until a request has its first answer.")
    service_days = serializers.IntegerField(help_text="Working days until the report, as a rule.")
    capacity = serializers.IntegerField(help_text="Requests in work at one time.")
    node_codes = serializers.ListField(child=serializers.CharField(), help_text="Empty: the whole chain.")
    state = serializers.CharField(help_text="draft, published or paused")


class ServiceOfferSaid(Said):
    kind = serializers.ChoiceField(Kind.values)
    title = serializers.CharField(max_length=80)
    about = serializers.CharField(max_length=1000)
    price_note = serializers.CharField(max_length=200)
    answer_hours = serializers.IntegerField(min_value=1, max_value=80)
    service_days = serializers.IntegerField(min_value=1, max_value=250)
    capacity = serializers.IntegerField(min_value=1, max_value=500)
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, max_length=20)


class ServiceOfferMade(ServiceOfferSaid):
    client_id = serializers.UUIDField(required=False, help_text=ONCE)


class ServiceOfferPut(Said):
    state = serializers.ChoiceField(["published", "paused"])


class ServiceOfferFilters(PageFilters):
    kind = serializers.ChoiceField(Kind.values, required=False)
    node = serializers.CharField(required=False, max_length=12)
    mine = serializers.BooleanField(required=False, help_text="A provider's own, drafts too.")


class ServiceCallShape(Shape):
    """Whom a firm asked, and what was answered."""

    id = serializers.UUIDField()
    provider = InBoth("provider_name")
    state = serializers.CharField(help_text="asked, quoted, passed, handed_over, chosen, not_chosen or withdrawn")
    price = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    report = serializers.CharField(allow_blank=True)
    files = serializers.JSONField(help_text="Of a delivery: name, and handed_id, which is among the firm's own files.")


class ServiceRequestShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.values)
    need = serializers.CharField()
    node_code = serializers.CharField(allow_blank=True)
    about = serializers.CharField(allow_blank=True)
    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    facts = serializers.JSONField(help_text="What providers may read, as it was said, by language.")
    state = serializers.CharField(help_text="new, offered, accepted, in_service, delivered, disputed, confirmed, rated or withdrawn")
    created_at = serializers.DateTimeField()
    answer_due_at = serializers.DateTimeField()
    provider = InBoth("provider_name")
    deliver_by = serializers.DateField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(allow_blank=True, help_text="Of the last time it was sent back.")
    satisfaction = serializers.IntegerField(allow_null=True)


class ServiceRequestOneShape(ServiceRequestShape):
    calls = ServiceCallShape(many=True)


class ServiceAsked(Said):
    kind = serializers.ChoiceField(Kind.values)
    need = serializers.CharField(max_length=1000)
    contact = serializers.CharField(max_length=60)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    node_code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    wanted_on = serializers.DateField(required=False)
    about = serializers.ChoiceField(sorted(ABOUT), required=False)
    subject = serializers.UUIDField(required=False)
    facts = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=20, help_text="Codes from facts/.")
    offer = serializers.UUIDField(required=False, help_text="Without it, everybody who offers the kind is asked.")
    photo = serializers.UUIDField(required=False, help_text="A file of your own; only the chosen provider gets it.")
    client_id = serializers.UUIDField(required=False, help_text=ONCE)


class ServiceRequestFilters(PageFilters):
    view = serializers.ChoiceField(["open", "done"], required=False)
    kind = serializers.ChoiceField(Kind.values, required=False)


class ServiceFactFilters(Filters):
    about = serializers.ChoiceField(sorted(ABOUT))
    subject = serializers.UUIDField()


class ServiceFactShape(Shape):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # what the page calls it
    value = serializers.CharField()


class ServiceFactsShape(Shape):
    facts = ServiceFactShape(many=True)


class QuoteChosen(Said):
    call = serializers.UUIDField(help_text="The id of one of the request's calls.")
    price = serializers.CharField(
        max_length=200, help_text="Of the quote, as it was read: another one that the provider sent meanwhile is not ordered."
    )
    days = serializers.IntegerField()


class ServiceWhySaid(Said):
    why = serializers.CharField(max_length=500)


class ServiceRatingSaid(Said):
    satisfaction = serializers.IntegerField(min_value=1, max_value=5)
    words = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class BoardShape(Shape):
    """A provider's copy of a request; the firm stands in it once this provider is chosen."""

    request = serializers.UUIDField(source="request_id")
    kind = serializers.ChoiceField(Kind.values)
    need = serializers.CharField()
    node_code = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    facts = serializers.JSONField()
    state = serializers.CharField(help_text="asked, quoted, passed, handed_over, chosen, not_chosen or withdrawn")
    stage = serializers.CharField(help_text="How far the request itself is.")
    clock_at = serializers.DateTimeField(help_text="Until when the next step is due.")
    price = serializers.CharField(allow_blank=True)
    days = serializers.IntegerField(allow_null=True)
    firm = InBoth("firm_name")
    contact = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)


class BoardFilters(PageFilters):
    view = serializers.ChoiceField(sorted(BOARD), required=False)
    kind = serializers.ChoiceField(Kind.values, required=False)


class QuoteSaid(Said):
    price = serializers.CharField(max_length=200)
    days = serializers.IntegerField(min_value=1, max_value=250)
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class HandOverSaid(Said):
    to = serializers.UUIDField(help_text="An offer of the kind, of a provider that was not asked yet.")


class DeliverySaid(Said):
    report = serializers.CharField(max_length=1000)
    files = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20, help_text="Files of the provider's own.")


class DemandCellShape(Shape):
    node = serializers.CharField()
    kind = serializers.CharField()
    firms = serializers.IntegerField(allow_null=True, help_text="Null: fewer than five, or none.")


class DemandShape(Shape):
    cells = DemandCellShape(many=True)


class PromiseShape(Shape):
    kind = serializers.CharField()
    asked = serializers.IntegerField()
    untouched = serializers.IntegerField()
    in_time = serializers.IntegerField()
    answered = serializers.IntegerField()
    delivered_in_time = serializers.IntegerField()
    delivered = serializers.IntegerField()
    first_pass = serializers.IntegerField()
    settled = serializers.IntegerField()
    satisfied = serializers.IntegerField()
    rated = serializers.IntegerField()


class KeeperShape(Shape):
    provider = InBoth("provider_name")
    late_answers = serializers.IntegerField(help_text="Asked, not answered, and past its hours now.")
    late_reports = serializers.IntegerField(help_text="Ordered, not delivered, and past its day now.")
    in_time = serializers.IntegerField()
    answered = serializers.IntegerField()
    delivered_in_time = serializers.IntegerField()
    delivered = serializers.IntegerField()


class PromisesShape(Shape):
    since = serializers.DateField()
    kinds = PromiseShape(many=True)
    providers = KeeperShape(many=True)


class ServiceStateShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    node_code = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    provider = InBoth("provider_name")
    created_at = serializers.DateTimeField()
    answer_due_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    deliver_by = serializers.DateField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


class ServiceStateFilters(PageFilters):
    late = serializers.BooleanField(required=False)
    kind = serializers.ChoiceField(Kind.values, required=False)


class RequestNudgedShape(Shape):
    told = serializers.IntegerField()
