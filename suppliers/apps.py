from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"

    def ready(self) -> None:
        from foundation.errors import say
        from suppliers.words import WORDS

        say(WORDS)
