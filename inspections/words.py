"""The words of this app's refusals, topic by topic."""

from typing import Any

from inspections.words_consistency import WORDS as CONSISTENCY
from inspections.words_decisions import WORDS as DECISIONS
from inspections.words_files import WORDS as FILES
from inspections.words_lots import WORDS as LOTS
from inspections.words_results import WORDS as RESULTS
from inspections.words_sampling import WORDS as SAMPLING
from inspections.words_series import WORDS as SERIES
from inspections.words_signals import WORDS as SIGNALS

WORDS: dict[str, Any] = {**CONSISTENCY, **DECISIONS, **FILES, **LOTS, **RESULTS, **SAMPLING, **SERIES, **SIGNALS}
