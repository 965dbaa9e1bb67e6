"""`make reset`: the data go, the installed tools stay."""

import shutil
from pathlib import Path

from qcchain.embedded.environment import embedded_postgres, embedded_valkey
from qcchain.embedded.failure import LauncherFailure, say
from qcchain.embedded.locks import FileLock
from qcchain.embedded.places import PROJECT, Places
from qcchain.embedded.processes import end, marked

# What the product writes into its data folder: a mistaken QCCHAIN_DATA=~ must cost nobody more than that.
OURS = ("postgres", "postgres.new", "valkey", "run", "log", "static", "evidence", "exports", "mail", "media", "keys", "test", "bench")
OUR_FILES = ("secret-key", "secret-key.new", "static.stamp", "beat-schedule*")


def reset() -> int:
    """Stop what an earlier run left and delete the data; refuses while the product runs."""
    places = Places.from_environment()
    if not places.data.exists():
        say(f"Nothing to empty: {places.data} does not exist.")
        return 0
    only_one = FileLock(places.data / "running.lock")
    if not only_one.take(wait=False):
        raise LauncherFailure(f"qcchain is running on {places.data}.", "Stop it first: Ctrl-C where it runs.")
    end(marked(places.token))
    for one in (places, *(Places(places.data / name) for name in ("test", "bench"))):
        _empty(one)
    only_one.drop()
    say(f"Emptied {places.data}.")
    return 0


def _empty(places: Places) -> None:
    embedded_postgres(places).clear_leftovers()
    embedded_valkey(places).clear_leftovers()
    doomed: list[Path] = [places.data / name for name in OURS]
    doomed += [path for pattern in OUR_FILES for path in places.data.glob(pattern)]
    doomed += [places.run(), places.system]
    for path in doomed:
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.exists() and path != PROJECT:
            shutil.rmtree(path)
