"""A Chromium and a Chinese font for the tests: installed where we may, else one line says what will not run."""

import os
import shutil
import subprocess

from qcchain.embedded.failure import say

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_packages() -> list[str]:
    """Debian's names of what the browser tests lack."""
    missing = []
    if not any(shutil.which(name) for name in CHROMIUM_NAMES):
        missing.append("chromium")
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    return missing


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def why_no_browser() -> str:
    """Empty when the browser tests can run, after installing what is missing; else the reason."""
    missing = missing_packages()
    if missing:
        _install(missing)
        missing = missing_packages()
    if not missing:
        return ""
    return f"missing {' and '.join(missing)}; install with: sudo apt-get install {' '.join(missing)}"


def _install(packages: list[str]) -> None:
    how = _right_to_install()
    if how is None:
        return
    say(f"Installing {' '.join(packages)} with apt …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run([*how, "apt-get", *words], env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(f"  apt-get {words[0]} failed: {done.stderr.strip()[-300:]}")


def _right_to_install() -> list[str] | None:
    """The words before apt-get: none as root, sudo where it asks for no password, None where we may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None
