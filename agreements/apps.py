from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"

    def ready(self) -> None:
        from agreements.library_words import WORDS as LIBRARY_WORDS
        from agreements.sample_words import WORDS as SAMPLE_WORDS
        from agreements.words import WORDS
        from foundation.errors import say

        say(WORDS)
        say(LIBRARY_WORDS)
        say(SAMPLE_WORDS)
