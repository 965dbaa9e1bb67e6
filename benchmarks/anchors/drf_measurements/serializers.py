"""The ListSerializer of the documentation's "customizing multiple create"."""

from rest_framework import serializers

from benchmarks.anchors.drf_measurements.models import Measurement


class MeasurementListSerializer(serializers.ListSerializer):
    def create(self, validated_data):
        measurements = [Measurement(**item) for item in validated_data]
        return Measurement.objects.bulk_create(measurements)


class MeasurementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Measurement
        fields = ["lot", "characteristic", "position", "value", "unit"]
        list_serializer_class = MeasurementListSerializer
