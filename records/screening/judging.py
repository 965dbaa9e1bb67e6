"""The order of checks for one stored upload: cheap and certain first, and nothing foreign decoded in this process."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.screening.kinds import HEAD_BYTES, refuse_mismatch, refuse_second_opinion, sniff
from records.screening.names import clean_file_name
from records.screening.sandbox import run_job
from records.screening.scanners import Scanner, ScannerUnavailable, SignatureWatch
from records.screening.verdict import IMAGE_KINDS, MIME_TYPES, Code, Limits, Refused, Verdict

CHUNK = 1024 * 1024


@dataclass(slots=True)
class Facts:
    """What is known of the file so far; a refusal, too, says what was seen."""

    size: int
    sha256: str = ""
    signature: str = ""
    kind: str = ""


def screen(
    path: Path,
    *,
    claimed_name: str,
    allowed: frozenset[str],
    limits: Limits | None = None,
    scanner: Scanner | None = None,
    copy_path: Path | None = None,
) -> Verdict:
    """Judge the file at ``path``, which stays as it is.

    Args:
        claimed_name: As the sender typed it; an extension must agree with what the file is.
        allowed: Kinds this upload may be, out of those of ``MIME_TYPES``.
        scanner: Asked last, about files that pass everything else.
        copy_path: Where a picture's shared copy goes; beside the original unless told. Other kinds are shared as they are.
    """
    limits = limits or Limits()
    copy_path = copy_path or path.with_name(f"{path.name}.shared")
    facts = Facts(size=path.stat().st_size)
    try:
        _read_through(path, facts, limits)
        found = _look_inside(path, facts, _Wanted(claimed_name, allowed, limits, copy_path))
        if scanner is not None:
            _ask(scanner, path, facts)
    except Refused as refused:
        copy_path.unlink(missing_ok=True)
        return Verdict(accepted=False, code=refused.code, sha256=facts.sha256, size=facts.size, kind=facts.kind, signature=facts.signature)
    shared = copy_path if facts.kind in IMAGE_KINDS else path
    return Verdict(
        accepted=True,
        code=Code.OK,
        sha256=facts.sha256,
        size=facts.size,
        kind=facts.kind,
        mime=MIME_TYPES[facts.kind],
        shared_copy_path=shared,
        **found,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    claimed_name: str
    allowed: frozenset[str]
    limits: Limits
    copy_path: Path


def _read_through(path: Path, facts: Facts, limits: Limits) -> None:
    if facts.size > limits.max_bytes:
        raise Refused(Code.TOO_LARGE)
    digest, signatures = hashlib.sha256(), SignatureWatch()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            signatures.feed(chunk)
    facts.sha256, facts.signature = digest.hexdigest(), signatures.found
    if facts.size == 0:
        raise Refused(Code.EMPTY_FILE)
    if facts.signature:
        raise Refused(Code.VIRUS_SIGNATURE)


def _look_inside(path: Path, facts: Facts, wanted: _Wanted) -> dict[str, Any]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    facts.kind = sniff(head)
    if facts.kind == "zip":
        return _look_into_archive(path, facts, wanted)
    _check_kind(facts, wanted)
    refuse_second_opinion(head)
    if facts.kind not in IMAGE_KINDS:
        return {}
    found = run_job(
        "records.screening.image_job", wanted.limits, path=path.resolve(), kind=facts.kind, copy_path=wanted.copy_path.resolve()
    )
    if "died" in found:
        raise Refused(Code.IMAGE_BROKEN)
    return found


def _look_into_archive(path: Path, facts: Facts, wanted: _Wanted) -> dict[str, Any]:
    if not wanted.allowed & {"zip", "xlsx"}:
        raise Refused(Code.KIND_NOT_ALLOWED)
    found = run_job("records.screening.archive_job", wanted.limits, path=path.resolve())
    if "died" in found:
        raise Refused(Code.ARCHIVE_BROKEN)
    facts.kind = found["kind"]
    _check_kind(facts, wanted)
    return {}


def _check_kind(facts: Facts, wanted: _Wanted) -> None:
    """A name that lies is told so even where neither kind is wanted: the sender learns what the file is."""
    refuse_mismatch(clean_file_name(wanted.claimed_name), facts.kind)
    if facts.kind not in wanted.allowed or facts.kind not in MIME_TYPES:
        raise Refused(Code.KIND_NOT_ALLOWED)


def _ask(scanner: Scanner, path: Path, facts: Facts) -> None:
    try:
        facts.signature = scanner(path) or ""
    except ScannerUnavailable:
        raise Refused(Code.SCANNER_UNAVAILABLE) from None
    if facts.signature:
        raise Refused(Code.VIRUS_SIGNATURE)
