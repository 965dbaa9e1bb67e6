"""Names as people type them -> names that are safe to keep, show and send back. Unicode stays: 质检报告.jpg is a good name."""

import re
import unicodedata

from records.screening.kinds import EXTENSIONS

MAX_LENGTH = 120
EXTENSION_BY_KIND = {"jpeg": "jpg", "png": "png", "webp": "webp", "pdf": "pdf", "xlsx": "xlsx", "csv": "csv", "zip": "zip"}
# Windows keeps these names for devices, whatever the extension; superscript digits count.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def clean_file_name(name: str) -> str:
    """A name without path, control or direction characters, device names or quotes; at most 120 characters, extension kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    spaced = re.sub(r"[\t\r\n\v\f\u2028\u2029]+", " ", last)
    # Cc control, Cf direction and zero width, Cs lone surrogates, Co private use, Cn unassigned
    visible = "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")
    tame = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s+", " ", visible)).strip(" .")
    if tame.lower() in EXTENSIONS:  # nothing but ".pdf" was left
        tame = f"file.{tame}"
    stem, extension = _split(tame)
    if _DEVICE.fullmatch(tame.split(".")[0].strip()):
        stem = f"_{stem}"
    stem = stem[: MAX_LENGTH - len(extension)].rstrip(" .")
    return (stem or "file") + extension


def served_file_name(name: str, kind: str) -> str:
    """The clean name under the extension of what the file truly is."""
    stem, extension = _split(clean_file_name(name))
    if EXTENSIONS.get(extension[1:].lower()) == kind:
        return stem + extension
    extension = f".{EXTENSION_BY_KIND[kind]}"
    return stem[: MAX_LENGTH - len(extension)] + extension


def _split(name: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+)(\.[A-Za-z0-9]{1,10})", name)
    return (found[1], found[2]) if found else (name, "")
