"""What import-linter cannot see: foreign keys, task names and URL names are strings, and none may point upward."""

import ast
import re
import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = PYPROJECT["tool"]["importlinter"]
FLOORS = [
    "qcchain",
    "desk",
    "oversight",
    "onestop",
    "audits",
    "inspections",
    "agreements",
    "suppliers",
    "records",
    "notices",
    "parties",
    "jobs",
    "foundation",
    "qualitystats",
]
HEIGHT = {name: len(FLOORS) - number for number, name in enumerate(FLOORS)}
TASK_CALL = re.compile(r"""(?:wake|put_outbox|run_effect|once|send_task)\(\s*f?["']([a-z_]+)\.[a-z_]+["']""")
URL_CALL = re.compile(r"""(?:reverse|redirect|reverse_lazy|resolve_url)\(\s*["']([a-z_]+):[a-z_]+["']""")
URL_TAG = re.compile(r"""{%-?\s*url\s+["']([a-z_]+):[a-z_]+["']""")


def packages():
    return [path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")]


def sources(package):
    return [p for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts]


def upward(package, found):
    return [(package, name) for name in found if name in HEIGHT and HEIGHT[name] > HEIGHT[package]]


def test_the_linter_names_the_packages_that_exist():
    assert sorted(LINTER["root_packages"]) == sorted(packages())


def test_no_foreign_key_points_upward():
    found = [
        (model._meta.label, field.name, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete and field.related_model is not None
        and HEIGHT.get(field.related_model._meta.app_label, 0) > HEIGHT[model._meta.app_label]
    ]  # fmt: skip

    assert found == []


def test_no_task_name_points_upward():
    found = {p: [m for path in sources(p) for m in TASK_CALL.findall(path.read_text(encoding="utf-8"))] for p in packages()}

    assert [bad for package, names in found.items() for bad in upward(package, names)] == []
    assert sum(map(len, found.values())) >= 4


def test_no_url_name_points_upward_in_code_or_in_an_apps_templates():
    found = {p: [m for path in sources(p) for m in URL_CALL.findall(path.read_text(encoding="utf-8"))] for p in packages()}
    for package in packages():
        for path in (ROOT / "templates" / package).rglob("*.html"):
            found[package] += URL_TAG.findall(path.read_text(encoding="utf-8"))

    assert [bad for package, names in found.items() for bad in upward(package, names)] == []
    assert sum(map(len, found.values())) > 100


def test_settings_are_read_at_the_roof_on_the_ground_and_where_the_edge_is():
    # The ports to the outside world (files, mail, SMS, scanner) and the public address are settings by nature.
    edge = {
        "records/services",
        "records/links.py",
        "records/views",
        "notices",
        "suppliers/services/invitations.py",
        "parties/middleware.py",
    }
    readers = {
        path.relative_to(ROOT).as_posix()
        for package in packages()
        if package not in ("qcchain", "foundation")
        for path in sources(package)
        if "from django.conf import settings" in path.read_text(encoding="utf-8")
    }

    assert {name for name in readers if not any(name.startswith(place) for place in edge)} <= SETTINGS_READERS


# Each stands here by name, so that a new one is seen: the two languages and their cookie, the public address, the evidence folder, the phone's scripts.
SETTINGS_READERS = {"audits/views/gates.py", "audits/views/run.py", "audits/report_text.py", "audits/services/reports.py", "inspections/lot_documents.py", "desk/views/person.py", "desk/forms.py", "parties/services/people.py", "parties/services/colleagues.py", "agreements/documents.py", "records/files.py", "agreements/services/papers_kept.py", "agreements/services/ca.py"}


def test_imports_inside_functions_are_rare_and_named():
    found = set()
    for package in packages():
        for path in sources(package):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inner = [
                node
                for outer in ast.walk(tree)
                if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
                for node in ast.walk(outer)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            if inner:
                found.add(path.relative_to(ROOT).as_posix())

    assert {name for name in found if not name.endswith("apps.py")} == LATE_IMPORTS


# Late on purpose: WeasyPrint takes a second that every process would pay, and system libraries; the entry point needs Django set up first.
LATE_IMPORTS = {"qcchain/wsgi.py", "jobs/papers.py"}
