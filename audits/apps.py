from django.apps import AppConfig

from foundation.errors import say


class AuditsConfig(AppConfig):
    name = "audits"

    def ready(self) -> None:
        from audits.lot_links import findings_on
        from audits.words import WORDS
        from inspections.finding_links import look_with

        say(WORDS)
        look_with(findings_on)
