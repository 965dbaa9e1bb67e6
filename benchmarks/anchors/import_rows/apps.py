from django.apps import AppConfig


class ImportRowsConfig(AppConfig):
    name = "benchmarks.anchors.import_rows"
    label = "import_rows"
