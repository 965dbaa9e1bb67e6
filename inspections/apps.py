from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from foundation.errors import say
        from inspections.services.results_shown import on_grants
        from inspections.words import WORDS
        from records.services.given import hear_of_grants

        say(WORDS)
        hear_of_grants(on_grants)
