"""Makes .venv from the locked requirements, then becomes its Python: bootstrap.py base|dev [PYTHON ARGUMENTS …]

Needs only Python's standard library and pip; where `venv` or `ensurepip` is missing, uv makes the environment.
"""
# ruff: noqa: T201

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".qcchain" / "tools"
UV = TOOLS / "uv" / "bin" / "uv"
LOCKS = ROOT / "requirements"
# uv does not read pip's settings; a machine behind a mirror has only those.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def main(words: list[str]) -> int:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return fail(f"Python {sys.version.split()[0]} does not fit.", "Install 3.11 to 3.13, or name one: make run PYTHON=python3.12")
    kind = words[0] if words else "base"
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        # Two makes at once would install into each other's feet.
        fcntl.flock(lock, fcntl.LOCK_EX)
        code = install(kind)
    if code or len(words) < 2:
        return code
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *words[1:]])  # noqa: S606
    return 1


def install(kind: str) -> int:
    """Bring .venv in step with a lock; nothing to do while the lock is as it was installed."""
    if not environment_works():
        say("Making .venv …")
        shutil.rmtree(VENV, ignore_errors=True)
    wanted = {name: digest(LOCKS / f"{name}.lock") for name in (("base", "dev") if kind == "dev" else ("base",))}
    if all(stamp(name).exists() and stamp(name).read_text() == value for name, value in wanted.items()):
        return 0
    code = get_uv()
    if code:
        return code
    if not VENV.exists() and call([UV, "venv", "--quiet", "--python", sys.executable, VENV]):
        return fail("The environment .venv could not be made.", f"See the lines above; is {ROOT} writable?")
    say(f"Installing requirements/{kind}.lock …")
    if call([UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", LOCKS / f"{kind}.lock"]):
        say("  uv could not; trying with pip, which takes a few minutes …")
        pip = [sys.executable, "-m", "pip", "--python", PYTHON, "install", "--require-hashes", "-r", LOCKS / f"{kind}.lock"]
        if call(pip):
            return fail("The requirements could not be installed.", "Check the network and pip's index (pip config list), then run again.")
    for name, value in wanted.items():
        stamp(name).write_text(value)
    return 0


def environment_works() -> bool:
    """Whether .venv runs: a moved clone or a removed Python leaves a dead one."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run([PYTHON, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and os.path.realpath(asked.stdout.strip()) == os.path.realpath(VENV)


def get_uv() -> int:
    """Install uv into a folder of our own: no venv needed, and no system package is touched."""
    if UV.exists() and subprocess.run([UV, "--version"], capture_output=True, check=False).returncode == 0:
        return 0
    # --target leaves the system alone, so its guard (PEP 668) may be told so.
    env = {**os.environ, "PIP_BREAK_SYSTEM_PACKAGES": "1", "PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    shutil.rmtree(TOOLS / "uv", ignore_errors=True)
    say("Getting uv …")
    for python in (sys.executable, *other_pythons()):
        argv = [python, "-m", "pip", "install", "--quiet", "--target", str(TOOLS / "uv"), "--require-hashes", "-r", str(LOCKS / "uv.lock")]
        if subprocess.run(argv, env=env, check=False).returncode == 0:
            return 0
    found = shutil.which("uv")
    if found:
        UV.parent.mkdir(parents=True, exist_ok=True)
        UV.symlink_to(found)
        return 0
    return fail("uv could not be installed with pip.", "Check the network, and that pip works: python3 -m pip --version")


def other_pythons() -> list[str]:
    """An activated environment may lack pip where the machine's Python has it."""
    found = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    return [found] if found and os.path.realpath(found) != os.path.realpath(sys.executable) else []


def uv_environment() -> dict[str, str]:
    """The environment for uv, with pip's mirror and certificates where uv has none of its own."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    for name in ("VIRTUAL_ENV", "UV_PYTHON"):
        env.pop(name, None)
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        theirs = PIP_TO_UV.get(key.rpartition(".")[2].lower())
        if theirs and theirs not in os.environ:
            # The environment's own entries come first in pip too.
            env.setdefault(theirs, " ".join(value.strip("'\"").replace("\\n", " ").split()))
    if "UV_FIND_LINKS" in env:
        env["UV_FIND_LINKS"] = env["UV_FIND_LINKS"].replace(" ", ",")
    # The hashes say which file is meant, so any of the indexes may have it.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def call(argv: list[object]) -> int:
    return subprocess.run([str(word) for word in argv], env=uv_environment(), cwd=ROOT, check=False).returncode


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp(name: str) -> Path:
    return VENV / f".{name}.lock.sha256"


def say(line: str) -> None:
    print(line, flush=True)


def fail(what: str, remedy: str) -> int:
    print(f"\n{what}\n  → {remedy}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
