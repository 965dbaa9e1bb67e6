from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from foundation.errors import say
        from inspections.words import WORDS

        say(WORDS)
