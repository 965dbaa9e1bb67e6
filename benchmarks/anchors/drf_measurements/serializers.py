"""The ListSerializer of the documentation's "customizing multiple create"; the relation by its slug, or its ids looked up once."""

from rest_framework import serializers

from benchmarks.anchors.drf_measurements.models import Lot, Measurement


class MeasurementListSerializer(serializers.ListSerializer):
    def create(self, validated_data):
        measurements = [Measurement(**item) for item in validated_data]
        return Measurement.objects.bulk_create(measurements)


class MeasurementSerializer(serializers.ModelSerializer):
    lot = serializers.SlugRelatedField(slug_field="number", queryset=Lot.objects.all())

    class Meta:
        model = Measurement
        fields = ["lot", "characteristic", "position", "value", "unit"]
        list_serializer_class = MeasurementListSerializer


class TunedListSerializer(serializers.ListSerializer):
    def create(self, validated_data):
        lots = dict(Lot.objects.values_list("number", "id"))
        return Measurement.objects.bulk_create(
            [Measurement(lot_id=lots[item.pop("lot")], **item) for item in validated_data], batch_size=5000
        )


class TunedSerializer(serializers.ModelSerializer):
    lot = serializers.CharField(max_length=40)

    class Meta:
        model = Measurement
        fields = ["lot", "characteristic", "position", "value", "unit"]
        list_serializer_class = TunedListSerializer
