from django.apps import AppConfig


class QcchainConfig(AppConfig):
    name = "qcchain"
