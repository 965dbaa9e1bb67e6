from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"

    def ready(self) -> None:
        from foundation.errors import say
        from records.services.evidence import closes_with
        from suppliers import firm_words, list_words
        from suppliers.merge_words import WORDS as MERGE_WORDS
        from suppliers.services.firm_sharing import close_shared, refresh_shared
        from suppliers.verification_words import WORDS as VERIFICATION_WORDS
        from suppliers.words import WORDS

        say(WORDS)
        say(MERGE_WORDS)
        say(firm_words.WORDS)
        say(VERIFICATION_WORDS)
        say(list_words.LIST_WORDS)
        closes_with(
            firm_words.SHARES,
            close_shared,
            opener=lambda grant, now: refresh_shared(org_id=grant.from_org_id, what=grant.what, now=now),
        )
