from django.apps import AppConfig


class QcchainConfig(AppConfig):
    name = "qcchain"

    def ready(self) -> None:
        import qcchain.celery  # noqa: F401 - makes our broker the one that send_task() speaks to
