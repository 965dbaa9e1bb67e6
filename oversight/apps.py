from django.apps import AppConfig

from foundation.errors import say


class OversightConfig(AppConfig):
    name = "oversight"

    def ready(self) -> None:
        from oversight.problem_links import report_url
        from oversight.words_campaigns import WORDS as CAMPAIGNS
        from oversight.words_chain import RULES as CHAIN
        from oversight.words_comparison import WORDS as COMPARISON
        from oversight.words_duty import WORDS as DUTY
        from oversight.words_problems import WORDS as PROBLEMS
        from parties.problem_links import report_with

        say(CAMPAIGNS)
        say(DUTY)
        say(CHAIN)
        say(COMPARISON)
        say(PROBLEMS)
        report_with(report_url)
