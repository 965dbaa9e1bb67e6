from django.apps import AppConfig

from foundation.errors import say


class AuditsConfig(AppConfig):
    name = "audits"

    def ready(self) -> None:
        from audits.words import WORDS

        say(WORDS)
