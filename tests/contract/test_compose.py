"""docker-compose.yml says what the launcher and the settings say: services, start commands, variables, locale."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from qcchain.embedded import commands
from qcchain.embedded.postgres import LOCALE_FLAGS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
PROGRAMS = {"migrate", "web", "worker", "beat", "relay"}
SECRETS = {"DJANGO_SECRET_KEY", "POSTGRES_PASSWORD", "QCCHAIN_OWNER_PASSWORD", "QCCHAIN_LOGIN_PASSWORD", "QCCHAIN_BACKUP_PASSWORD"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(COMPOSE.read_text())["services"])


def test_compose_file_fits_its_schema_and_a_typo_would_not(tmp_path: Path) -> None:
    typo = tmp_path / "docker-compose.yml"
    typo.write_text(COMPOSE.read_text().replace("healthcheck:", "heathcheck:", 1))
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    codes = [subprocess.run([*argv, str(path)], capture_output=True, check=False).returncode for path in (COMPOSE, typo)]

    assert codes == [0, 1]


def test_services_are_the_supervisors_and_a_proxy(services: dict[str, Any]) -> None:
    assert set(services) == PROGRAMS | {"postgres", "valkey", "proxy"}


def test_start_commands_are_those_of_the_supervisor(services: dict[str, Any]) -> None:
    migrations = " && ".join(shlex.join(argv) for argv in commands.migrations())

    assert {name: services[name]["command"] for name in PROGRAMS} == {
        "migrate": ["sh", "-c", migrations],
        "web": commands.web(host="0.0.0.0"),
        "worker": commands.worker(),
        "beat": commands.beat(schedule="/beat/schedule"),
        "relay": commands.relay(),
    }


def test_image_starts_the_same_web(services: dict[str, Any]) -> None:
    start = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert start is not None
    assert json.loads(start[1]) == services["web"]["command"]


def test_every_service_that_stays_has_a_health_check(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}


def test_every_variable_given_is_read_somewhere_in_the_settings(services: dict[str, Any]) -> None:
    sources = [*(ROOT / "qcchain" / "settings").rglob("*.py"), *(ROOT / "qcchain").glob("*.py")]
    read = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"", "\n".join(path.read_text() for path in sources)))
    # The owner's address is chosen inside the parentheses of one environ.get.
    read |= {"DATABASE_URL", "DATABASE_OWNER_URL", "DJANGO_SETTINGS_MODULE"}

    given = {name for program in PROGRAMS for name in services[program]["environment"]}

    assert given - read == set()
    assert "DATABASE_OWNER_URL" in services["migrate"]["environment"]


def test_only_the_migration_knows_the_owner(services: dict[str, Any]) -> None:
    knowing = {name for name in PROGRAMS if "OWNER" in json.dumps(services[name]["environment"])}

    assert knowing == {"migrate"}


def test_no_secret_stands_in_the_file(services: dict[str, Any]) -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    secret_values = [
        value
        for service in services.values()
        for name, value in service.get("environment", {}).items()
        if name.endswith(("PASSWORD", "SECRET_KEY")) or ("DATABASE" in name and "URL" in name)
    ]

    mail = {f"QCCHAIN_{name}" for name in ("MAIL_FROM", "SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD")}
    assert required == SECRETS | mail | {"QCCHAIN_HOST"}
    assert len(secret_values) == 20
    assert [value for value in secret_values if not re.search(r"\$\{\w+:\?", value)] == []


def test_every_required_variable_is_named_in_the_example() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text()))
    example = dict(re.findall(r"^(\w+)=(.*)$", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))

    assert set(example) == required
    assert set(example.values()) == {""}


def test_database_has_the_locale_of_the_embedded_one(services: dict[str, Any]) -> None:
    assert services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == list(LOCALE_FLAGS)


def test_every_named_volume_is_declared_and_every_mounted_file_exists(services: dict[str, Any]) -> None:
    mounts = [mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])]
    declared = set(YAML(typ="safe").load(COMPOSE.read_text())["volumes"])

    assert {mount for mount in mounts if not mount.startswith(".")} == declared
    assert [mount for mount in mounts if mount.startswith(".") and not (ROOT / mount).is_file()] == []
