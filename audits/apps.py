from django.apps import AppConfig

from foundation.errors import say


class AuditsConfig(AppConfig):
    name = "audits"

    def ready(self) -> None:
        from agreements.checklist_links import offer_with
        from audits.lot_links import findings_on
        from audits.selectors.checklists import checklists_for_clauses
        from audits.words import WORDS
        from audits.words_checklists import WORDS as CHECKLISTS
        from audits.words_corrective import WORDS as CORRECTIVE
        from audits.words_planning import WORDS as PLANNING
        from audits.words_programmes import WORDS as PROGRAMMES
        from audits.words_running import WORDS as RUNNING
        from audits.words_scores import WORDS as SCORES
        from inspections.finding_links import look_with

        say(WORDS)
        say(CHECKLISTS)
        say(CORRECTIVE)
        say(PLANNING)
        say(PROGRAMMES)
        say(RUNNING)
        say(SCORES)
        look_with(findings_on)
        offer_with(checklists_for_clauses)
