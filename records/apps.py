from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from foundation.errors import say
        from records.appeal_words import WORDS as APPEALS
        from records.words import WORDS

        say(WORDS)
        say(APPEALS)
