"""`make run PHONE=1`: the product with HTTPS in one's own network, since a phone keeps nothing from a page without it.

The certificate is made here and known to nobody: its root is installed on the phone once. Keys stay in the data folder.
"""

import io
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import segno

from qcchain.embedded import commands
from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.places import Places

DAYS = "397"  # phones refuse certificates that hold longer
CURVE = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")


@dataclass(frozen=True)
class Phone:
    """Where a phone finds the product, and with which certificate."""

    address: str  # of this machine in its network
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"https://{self.address}:{self.port}"

    def command(self) -> list[str]:
        web = commands.web(host="0.0.0.0", port=self.port, workers=1)
        return [*web[:-1], "--ssl-certificate", str(self.folder / "leaf.crt"), "--ssl-keyfile", str(self.folder / "leaf.key"), web[-1]]

    def told(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What the programs are told besides: the name in the address, and what links say."""
        hosts = environ.get("QCCHAIN_HOSTS", "localhost,127.0.0.1,[::1]")
        return {"QCCHAIN_HOSTS": f"{hosts},{self.address}", "QCCHAIN_PUBLIC_URL": self.url}

    def words(self) -> str:
        """What the terminal shows: once the certificate, then the address."""
        return (
            f"\nOn a phone in the same network, once: open {self.url}/audits/run/certificate.crt (pass the warning), install it and trust it as a root.\n"
            f"Then scan, or open {self.url}/audits/run/\n{_qr(self.url + '/audits/run/')}"
        )


def asked_for(environ: Mapping[str, str]) -> bool:
    return environ.get("PHONE") == "1"


def prepared(places: Places, port: int) -> Phone:
    """The certificate of this machine's address, made where it is missing. Raises LauncherFailure."""
    phone = Phone(_own_address(), port, places.data / "phone")
    phone.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (phone.folder / "root.crt").exists():
        _root(phone.folder)
    stamp = phone.folder / "leaf.address"
    if not stamp.exists() or stamp.read_text() != phone.address:
        _leaf(phone.folder, phone.address)
        stamp.write_text(phone.address)
    return phone


def _own_address() -> str:
    """The address by which others of this network reach us; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            raise LauncherFailure("This machine is in no network.", "Join the phone's Wi-Fi, then run again.") from None
        return str(probe.getsockname()[0])


def _root(folder: Path) -> None:
    _openssl(folder, "genpkey", *CURVE, "-out", "root.key")
    _openssl(
        folder, "req", "-x509", "-new", "-key", "root.key", "-days", "3650", "-subj", "/CN=qcchain on this machine", "-out", "root.crt",
        "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip


def _leaf(folder: Path, address: str) -> None:
    _openssl(folder, "genpkey", *CURVE, "-out", "leaf.key")
    _openssl(folder, "req", "-new", "-key", "leaf.key", "-subj", f"/CN={address}", "-out", "leaf.csr")
    (folder / "leaf.ext").write_text(
        f"subjectAltName=IP:{address},IP:127.0.0.1,DNS:localhost\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
    )
    _openssl(
        folder, "x509", "-req", "-in", "leaf.csr", "-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial", "-days", DAYS,
        "-extfile", "leaf.ext", "-out", "leaf.crt",
    )  # fmt: skip


def _openssl(folder: Path, *words: str) -> None:
    before = os.umask(0o077)
    try:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        raise LauncherFailure("openssl is missing; it makes the phone's certificate.", "Install openssl, or run without PHONE=1.") from None
    except subprocess.CalledProcessError as failed:
        raise LauncherFailure(f"openssl failed: {failed.stderr.decode(errors='replace').strip()}", "Mend that, then run again.") from None
    finally:
        os.umask(before)


def _qr(text: str) -> str:
    out = io.StringIO()
    segno.make(text, error="l").terminal(out=out, compact=True)
    return out.getvalue()
