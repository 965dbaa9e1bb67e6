from datetime import datetime
from typing import Any

from django.apps import AppConfig

from foundation.errors import say


class OnestopConfig(AppConfig):
    name = "onestop"

    def ready(self) -> None:
        from onestop.services.scoring import APPEAL, score_firms
        from onestop.words_portraits import WORDS as PORTRAITS
        from records.services.appeals import count_anew_with

        def score_anew(appeal: Any, now: datetime) -> None:
            score_firms(now=now, org_ids=[appeal.org_id], why=APPEAL)

        say(PORTRAITS)
        count_anew_with(score_anew)
