from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "benchmarks.anchors.chain"
    label = "chain"
