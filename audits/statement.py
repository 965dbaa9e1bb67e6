"""A finding in one sentence, in both languages: what is required, what was seen, what is missing. The words stay as they were typed."""

from __future__ import annotations

from dataclasses import dataclass

ENDS = " \t\n。．.；;，,、"
FISHBONE = ("man", "machine", "material", "method", "measurement", "environment")
MOST_WHYS = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """The three lines. The gap may be missing: what is required and what was seen then say it."""

    requirement: str
    evidence: str
    gap: str = ""


def _bare(words: str) -> str:
    return " ".join(words.split()).strip(ENDS)


def pieces(said: Statement, language: str) -> list[tuple[str, bool]]:
    """The sentence in its pieces, in that language ("zh…", else English): the words, and whether a person typed them."""
    required, seen, gap = _bare(said.requirement), _bare(said.evidence), _bare(said.gap)
    if language.startswith("zh"):
        tail = [("；差距在于：", False), (gap, True)] if gap else []
        return [("要求“", False), (required, True), ("”；现场看到：", False), (seen, True), *tail, ("。", False)]
    tail = [(". So: ", False), (gap, True)] if gap else []
    return [("Required: ", False), (required, True), (". Seen: ", False), (seen, True), *tail, (".", False)]


def sentence(said: Statement, language: str) -> str:
    """The three lines joined in that language.

    >>> sentence(Statement("Scales are calibrated.", "the scale ran out in May", "it weighs on"), "en")
    'Required: Scales are calibrated. Seen: the scale ran out in May. So: it weighs on.'
    """
    return "".join(words for words, _typed in pieces(said, language))


def whys_said(said: list[str]) -> list[str]:
    """The chain of whys without its gaps, at most five."""
    return [" ".join(why.split()) for why in said if why.strip()][:MOST_WHYS]


def branches_said(said: dict[str, str]) -> dict[str, str]:
    """The branches of the fishbone that have words."""
    return {branch: " ".join(said[branch].split()) for branch in FISHBONE if said.get(branch, "").strip()}
