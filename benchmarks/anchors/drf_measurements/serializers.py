"""The ListSerializer of the documentation's "customizing multiple create", and the plain one."""

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


class TunedSerializer(serializers.ModelSerializer):
    """The lot is looked up once for all rows."""

    lot = serializers.CharField()

    class Meta:
        model = Measurement
        fields = ["lot", "characteristic", "position", "value", "unit"]
