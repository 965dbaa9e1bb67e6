from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "parties"

    def ready(self) -> None:
        from foundation.errors import say
        from parties.words import WORDS

        say(WORDS)
