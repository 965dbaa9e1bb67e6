"""`make run PHONE=1`: a certificate of this machine's own, made once, anew when the address changes."""

import ssl
import subprocess
from dataclasses import replace

import pytest

from qcchain.embedded import phone
from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.places import Places


def test_the_certificate_names_the_address_and_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr(phone, "_own_address", lambda: "192.0.2.44")
    made = phone.prepared(Places(tmp_path), 8001)
    leaf, root = (made.folder / "leaf.crt").read_bytes(), (made.folder / "root.crt").read_bytes()
    again = phone.prepared(Places(tmp_path), 8001)
    trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trusted.load_cert_chain(made.folder / "leaf.crt", made.folder / "leaf.key")
    text = subprocess.run(
        ["openssl", "x509", "-in", made.folder / "leaf.crt", "-noout", "-ext", "subjectAltName"], capture_output=True, text=True, check=True
    )

    assert again == made and (made.folder / "leaf.crt").read_bytes() == leaf
    assert "IP Address:192.0.2.44" in text.stdout and "DNS:localhost" in text.stdout
    assert (made.folder / "root.key").stat().st_mode & 0o077 == 0
    monkeypatch.setattr(phone, "_own_address", lambda: "192.0.2.45")
    moved = phone.prepared(Places(tmp_path), 8001)
    assert ((moved.folder / "leaf.crt").read_bytes() == leaf, (moved.folder / "root.crt").read_bytes() == root) == (False, True)


def test_the_second_door_is_the_same_web_with_the_certificate(tmp_path):
    door = phone.Phone("192.0.2.44", 8001, tmp_path)
    command = door.command()

    assert command[-1] == "qcchain.wsgi:application" and command[command.index("--host") + 1] == "0.0.0.0"
    assert command[command.index("--ssl-certificate") + 1] == str(tmp_path / "leaf.crt")
    assert door.told({"QCCHAIN_HOSTS": "localhost"}) == {
        "QCCHAIN_HOSTS": "localhost,192.0.2.44",
        "QCCHAIN_PUBLIC_URL": "https://192.0.2.44:8001",
    }
    assert "https://192.0.2.44:8001/audits/run/certificate.crt" in replace(door).words()


def test_without_openssl_it_is_said_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(phone, "_own_address", lambda: "192.0.2.44")

    with pytest.raises(LauncherFailure, match="openssl is missing"):
        phone.prepared(Places(tmp_path), 8001)
    assert not (tmp_path / "phone" / "root.crt").exists()
