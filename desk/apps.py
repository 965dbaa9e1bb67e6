from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from desk.lines import url_for
        from notices.links import lead_with

        lead_with(url_for)
