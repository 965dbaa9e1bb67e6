from django.apps import AppConfig

from notices.links import lead_with


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from desk.lines import url_for

        lead_with(url_for)
