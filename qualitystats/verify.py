"""Hold the package against a folder of reference files: a line per file, none passed over in silence.

The printed lines are also the product's validation report: what was compared, how many cases, and the worst deviation.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import qualitystats
from qualitystats import verifying
from qualitystats.verifying import Report, checker_for, read_document


@dataclass(frozen=True)
class Verification:
    """Every file of a folder: checked, no concern of this package (and why), or known to nobody."""

    reports: tuple[Report, ...]
    elsewhere: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """At least one file was checked, and every case of every checked file passed."""
        return bool(self.reports) and all(report.ok for report in self.reports)

    def lines(self) -> Iterator[str]:
        """The report as a person reads it."""
        width = max([len(name) for name in (*(r.file for r in self.reports), *self.unknown, *(f for f, _ in self.elsewhere))], default=4)
        yield f"{'file':<{width}}  {'cases':>6} {'passed':>6}  {'worst':>9}"
        for report in self.reports:
            worst = "–" if report.worst is None else f"{report.worst:.2g}"
            yield f"{report.file:<{width}}  {report.cases:>6} {report.passed:>6}  {worst:>9}  {'' if report.ok else 'FAILED '}{report.note}".rstrip()
        for name, where in self.elsewhere:
            yield f"{name:<{width}}  {where}"
        for name in self.unknown:
            yield f"{name:<{width}}  UNKNOWN: no checker knows this format; nothing was compared"
        cases, passed = sum(r.cases for r in self.reports), sum(r.passed for r in self.reports)
        failed = sum(not report.ok for report in self.reports)
        yield f"{len(self.reports)} files checked, {failed} failed; {cases} cases, {passed} passed; {len(self.unknown)} unknown files"


def verify(folder: Path) -> Verification:
    """Check every file below a folder.

    Args:
        folder: Where the reference files lie, at any depth.
    Returns:
        What came out, in the order of the paths.
    Raises:
        ValueError: ``folder`` is not a folder.
    Source: none; each checker names its own.
    """
    if not folder.is_dir():
        raise ValueError(f"folder is {str(folder)!r}: must be an existing folder")
    load_checkers()
    reports, elsewhere, unknown = [], [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".md":
            elsewhere.append((name, "a paper: nothing to compare"))
            continue
        report = check_file(path, name)
        if report is None:
            unknown.append(name)
        else:
            reports.append(report)
    return Verification(tuple(reports), tuple(elsewhere), tuple(unknown))


def check_file(path: Path, name: str) -> Report | None:
    """The report of one file under the given name; None when no checker knows its format."""
    if path.suffix not in (".csv", ".json"):
        return None
    try:
        document = read_document(path)
        checker = checker_for(document)
        if checker is None:
            return None
        found = checker(document)
    # A file that its checker cannot read has failed: it must not stop the others, and must not count as unknown.
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        return Report(name, 1, 0, None, f"could not be checked: {type(error).__name__}: {error}")
    return Report(name, found.cases, found.passed, found.worst, found.note)


def load_checkers() -> None:
    """Import every module that registers checkers: `verify_*.py` beside this one, and the modules of `verifying`."""
    for module in pkgutil.iter_modules(qualitystats.__path__):
        if module.name.startswith("verify_"):
            import_module(f"qualitystats.{module.name}")
    for module in pkgutil.iter_modules(verifying.__path__):
        import_module(f"qualitystats.verifying.{module.name}")
