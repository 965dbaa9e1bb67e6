from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"

    def ready(self) -> None:
        from agreements.duty_words import WORDS as DUTY_WORDS
        from agreements.library_words import WORDS as LIBRARY_WORDS
        from agreements.life_words import WORDS as LIFE_WORDS
        from agreements.paper_words import WORDS as PAPER_WORDS
        from agreements.sample_words import WORDS as SAMPLE_WORDS
        from agreements.words import WORDS
        from foundation.errors import say

        say(WORDS)
        say(DUTY_WORDS)
        say(LIFE_WORDS)
        say(LIBRARY_WORDS)
        say(SAMPLE_WORDS)
        say(PAPER_WORDS)
