from django.apps import AppConfig

from foundation.errors import say


class OversightConfig(AppConfig):
    name = "oversight"

    def ready(self) -> None:
        from oversight.words_campaigns import WORDS as CAMPAIGNS

        say(CAMPAIGNS)
