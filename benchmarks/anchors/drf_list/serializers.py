from django.utils import timezone
from rest_framework import serializers

from benchmarks.anchors.drf_list.models import Agreement, Supplier


class ComplianceSerializer(serializers.Serializer):
    met = serializers.IntegerField()
    due = serializers.IntegerField()


class AgreementSerializer(serializers.ModelSerializer):
    obligations = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = ["id", "number", "state", "effective_from", "effective_to", "obligations"]

    def get_obligations(self, agreement):
        rows, today = agreement.obligations.all(), timezone.localdate()
        kept = {"owner": {"met": 0, "due": 0}, "supplier": {"met": 0, "due": 0}}
        for row in rows:
            if row.met_on is not None:
                kept[row.side]["due"] += 1
                kept[row.side]["met"] += row.met_on <= row.due_on
            elif row.waived_at is None and row.void_at is None:
                kept[row.side]["due"] += row.due_on < today
        return {side: ComplianceSerializer(counts).data for side, counts in kept.items()}


class SupplierSerializer(serializers.ModelSerializer):
    agreement = serializers.SerializerMethodField()

    class Meta:
        model = Supplier
        fields = ["id", "name_zh", "name_en", "uscc", "state", "agreement"]

    def get_agreement(self, supplier):
        latest = supplier.agreements.order_by("-created_at", "-id").first()
        return AgreementSerializer(latest).data if latest else None


class TunedSupplierSerializer(SupplierSerializer):
    """Reads what the queryset has already fetched."""

    def get_agreement(self, supplier):
        return AgreementSerializer(supplier.newest[0]).data if supplier.newest else None
