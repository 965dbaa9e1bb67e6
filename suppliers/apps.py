from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"

    def ready(self) -> None:
        from foundation.errors import say
        from records.services.evidence import closes_with
        from suppliers import firm_words, list_words
        from suppliers.services.firm_sharing import close_shared
        from suppliers.merge_words import WORDS as MERGE_WORDS
        from suppliers.words import WORDS

        say(WORDS)
        say(MERGE_WORDS)
        say(firm_words.WORDS)
        say(list_words.LIST_WORDS)
        closes_with(firm_words.SHARES, close_shared)
