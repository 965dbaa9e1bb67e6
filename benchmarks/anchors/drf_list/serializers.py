from django.utils import timezone
from rest_framework import serializers

from benchmarks.anchors.drf_list.models import Agreement, Supplier


class ComplianceSerializer(serializers.Serializer):
    met = serializers.IntegerField()
    met_late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    open = serializers.IntegerField()


class AgreementSerializer(serializers.ModelSerializer):
    obligations = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["id", "number", "state", "effective_from", "effective_to", "obligations"]

    def get_obligations(self, agreement):
        kept = {side: dict.fromkeys(("met", "met_late", "overdue", "open"), 0) for side in ("owner", "supplier")}
        for row in agreement.obligations.all():
            if row.met_on is not None:
                kept[row.side]["met" if row.met_on <= row.due_on else "met_late"] += 1
            elif row.waived_at is None and row.void_at is None:
                kept[row.side]["overdue" if row.due_on < timezone.localdate() else "open"] += 1
        return {side: ComplianceSerializer(counts).data for side, counts in kept.items()}


class SupplierSerializer(serializers.ModelSerializer):
    agreement = serializers.SerializerMethodField()

    class Meta:
        model = Supplier
        fields = [
            "id", "name_zh", "name_en", "uscc", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address",
            "since", "state", "created_at", "joined_at", "agreement",
        ]  # fmt: skip

    def get_agreement(self, supplier):
        latest = supplier.agreements.order_by("-created_at", "-id").first()
        return AgreementSerializer(latest).data if latest else None


class TunedSupplierSerializer(SupplierSerializer):
    """Reads what the queryset has already fetched."""

    def get_agreement(self, supplier):
        return AgreementSerializer(supplier.newest[0]).data if supplier.newest else None
