from datetime import datetime
from typing import Any

from django.apps import AppConfig

from foundation.errors import say


class OnestopConfig(AppConfig):
    name = "onestop"

    def ready(self) -> None:
        from onestop.help_url import ask_url
        from onestop.services.indices import keep_indices
        from onestop.services.scoring import APPEAL, score_firms
        from onestop.words_portraits import WORDS as PORTRAITS
        from onestop.words_services import WORDS as SERVICES
        from parties.help_links import ask_with
        from records.services.appeals import count_anew_with

        def score_anew(appeal: Any, now: datetime) -> None:
            keep_indices(now=now, org_ids=[appeal.org_id])
            score_firms(now=now, org_ids=[appeal.org_id], why=APPEAL)

        say(PORTRAITS)
        say(SERVICES)
        ask_with(ask_url)
        count_anew_with(score_anew)
