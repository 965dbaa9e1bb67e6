from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"

    def ready(self) -> None:
        from agreements.words import WORDS
        from foundation.errors import say

        say(WORDS)
