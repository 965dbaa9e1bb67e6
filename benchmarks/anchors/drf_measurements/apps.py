from django.apps import AppConfig


class DrfMeasurementsConfig(AppConfig):
    name = "benchmarks.anchors.drf_measurements"
    label = "drf_measurements"
