"""Whether the static files must be collected again: by name, size and time of each."""

import hashlib

from qcchain.embedded.places import PROJECT, Places

_STAMP = "static.stamp"


def _fingerprint() -> str:
    seen = hashlib.sha256((PROJECT / "requirements" / "base.lock").read_bytes())
    for folder in sorted([PROJECT / "static", *PROJECT.glob("*/static")]):
        for path in sorted(folder.rglob("*")):
            found = path.stat()
            seen.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def static_is_collected(places: Places) -> bool:
    stamp = places.data / _STAMP
    return stamp.exists() and (places.data / "static").exists() and stamp.read_text() == _fingerprint()


def static_was_collected(places: Places) -> None:
    (places.data / _STAMP).write_text(_fingerprint())
