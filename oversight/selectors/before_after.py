"""Before and after in a project: of one firm under its label, of all of them for its institutes, and what was published of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from foundation.actor import Actor, Hat
from oversight.models import ProjectFigure, ProjectReading, ResearchProject
from oversight.selectors.projects import FEWEST, own_part
from qualitystats.before_after import Difference, difference_of_means, difference_of_shares, pooled_difference, step_at_zero

Line = tuple[str, int, list[int], int]  # label, day, readings, decimals


@dataclass(frozen=True)
class FirmChange:
    """What changed in one firm. Of grades the share of lots that reach the aim; of numbers the mean, and the step without the drift."""

    label: str
    change: Difference
    step: Difference | None
    points: tuple[tuple[int, float], ...]  # day, mean of a lot or its lowest grade


@dataclass(frozen=True)
class ProjectChange:
    """What changed in all firms together, each counted once."""

    firms: Sequence[FirmChange]
    pooled: Difference

    @property
    def counted(self) -> int:
        """Firms whose difference is known."""
        return sum(1 for firm in self.firms if firm.change.difference is not None)


def lines_of(actor: Actor, project: ResearchProject) -> list[Line]:
    """The readings as the project's institutes read them."""
    rows = ProjectReading.objects.visible_to(actor).filter(project=project).order_by("label", "day", "id")
    return list(rows.values_list("label", "day", "readings", "decimals"))


def changes_in(project: ResearchProject, lines: Iterable[Line]) -> ProjectChange:
    """The change of every label, and of all together."""
    by_label: dict[str, list[Line]] = {}
    for line in lines:
        by_label.setdefault(line[0], []).append(line)
    firms = [_firm(project, label, rows) for label, rows in sorted(by_label.items())]
    known = [firm.change.difference for firm in firms if firm.change.difference is not None]
    return ProjectChange(firms, pooled_difference(known, least_firms=FEWEST))


def _firm(project: ResearchProject, label: str, rows: Sequence[Line]) -> FirmChange:
    if project.kind == "ordinal":
        return _graded(project, label, rows)
    points = tuple((day, float(np.mean(readings)) / 10**decimals) for _label, day, readings, decimals in rows)
    before, after = [value for day, value in points if day < 0], [value for day, value in points if day >= 0]
    step = step_at_zero([day for day, _value in points], [value for _day, value in points])
    return FirmChange(label, difference_of_means(before, after), step, points)


def _graded(project: ResearchProject, label: str, rows: Sequence[Line]) -> FirmChange:
    """A lot reaches the aim where its worst reading does: grades have an order, no distances, and so no mean."""
    aim, more = float(project.target), project.direction == "upper"
    worst = min if more else max
    points = tuple((day, float(worst(readings)) / 10**decimals) for _label, day, readings, decimals in rows)
    reached = [(day, value >= aim if more else value <= aim) for day, value in points]
    before, after = [hit for day, hit in reached if day < 0], [hit for day, hit in reached if day >= 0]
    change = difference_of_shares(hits_before=sum(before), n_before=len(before), hits_after=sum(after), n_after=len(after))
    return FirmChange(label, change, None, points)


def published_figure(actor: Actor, project: ResearchProject) -> ProjectFigure | None:
    """What everybody reads: the latest figure, as it was published."""
    found: ProjectFigure | None = ProjectFigure.objects.visible_to(actor).filter(project=project).order_by("-month").first()
    return found


def own_change(actor: Actor, project: ResearchProject) -> FirmChange | None:
    """The firm's own before and after, as the institutes see it; None where it is not in the project or has no lots."""
    mine = own_part(actor, project) if actor.hat == Hat.SUPPLIER else None
    if mine is None or mine.revoked_at is not None:
        return None
    lines = [line for line in lines_of(actor, project) if line[0] == mine.label]
    return changes_in(project, lines).firms[0] if lines else None
