from django.apps import AppConfig


class DrfListConfig(AppConfig):
    name = "benchmarks.anchors.drf_list"
    label = "drf_list"
