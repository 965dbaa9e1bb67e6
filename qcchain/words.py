"""The words people read: one plain .po per app, compiled into one catalogue.

``python -m qcchain.words compile`` merges them, ``extract`` lists what the sources say, ``check`` holds the two against each other.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
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
)
# Which arguments of a call are words: (context, singular, plural), counted from 0.
KEYWORDS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
TEMPLATE_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Said:
    """One message as a source says it."""

    context: str | None
    singular: str
    plural: str | None
    where: str

    @property
    def key(self) -> Key:
        return (self.context, self.singular)


def _literal(call: ast.Call, index: int | None) -> str | None:
    if index is None or index >= len(call.args):
        return None
    node = call.args[index]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said_in_python(source: str, where: str) -> Iterator[Said]:
    """Every literal message of a module. A call with a variable is left out: its words stand elsewhere."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if name not in KEYWORDS:
            continue
        context, singular, plural = KEYWORDS[name]
        words = _literal(node, singular)
        if words:
            yield Said(_literal(node, context), words, _literal(node, plural), f"{where}:{node.lineno}")


def said_in_template(source: str, where: str) -> Iterator[Said]:
    """Every message of a template, as the template engine will look it up (trimmed blocks included)."""
    if "trans" not in source and "_(" not in source:
        return
    # Brackets around it all: the rest of the page is blotted out, but its indentation would still be read as Python's.
    blotted = f"(\n{templatize(source, origin=where)}\n)"
    for line, function, words, _comments in extract_python(BytesIO(blotted.encode()), TEMPLATE_KEYWORDS, [], {}):
        parts = [words] if isinstance(words, str) else list(words)
        context = parts.pop(0) if function in ("pgettext", "npgettext") else None
        plural = parts[1] if function in ("ngettext", "npgettext") and len(parts) > 1 else None
        if parts and parts[0]:
            yield Said(context, parts[0], plural, f"{where}:{line - 1}")


def extract(root: Path = ROOT) -> list[Said]:
    """Every message of our packages and templates, in file order."""
    found: list[Said] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found += said_in_python(path.read_text("utf-8"), str(path.relative_to(root)))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".svg"):
            found += said_in_template(path.read_text("utf-8"), str(path.relative_to(root)))
    return found


def translations(root: Path = ROOT) -> list[tuple[str, Message]]:
    """Every entry of every .po, with the name of its file."""
    entries: list[tuple[str, Message]] = []
    for path in sorted((root / "locale" / "zh_Hans").glob("*.po")):
        with path.open("rb") as file:
            entries += [(path.name, message) for message in read_po(file, locale="zh_Hans", abort_invalid=True) if message.id]
    return entries


def _key(message: Message) -> Key:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context, singular)


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def entry_problems(name: str, message: Message) -> Iterator[str]:
    """What is wrong with one translation by itself."""
    said = repr(_key(message)[1])
    forms = _forms(message)
    comments = " ".join(message.user_comments)
    if message.fuzzy:
        yield f"{name}: fuzzy: {said}"
    if not all(forms):
        yield f"{name}: not translated: {said}"
        return
    last = message.id if isinstance(message.id, str) else message.id[-1]
    for form in forms:
        if _placeholders(form) != _placeholders(last):
            yield f"{name}: placeholders differ: {said} -> {form!r}"
        if "no-han" not in comments and not HAN.search(form):
            yield f"{name}: no Chinese in the translation (mark it '# no-han' if meant): {said} -> {form!r}"


def pair_problems(entries: Iterable[tuple[str, Message]]) -> Iterator[str]:
    """The same words must not be translated in two ways: one catalogue holds one answer."""
    first: dict[Key, tuple[str, list[str]]] = {}
    for name, message in entries:
        key, forms = _key(message), _forms(message)
        other = first.setdefault(key, (name, forms))
        if other[1] != forms:
            yield f"{name} and {other[0]}: {key[1]!r} is translated as {forms!r} and {other[1]!r}; give one a context"


def check(root: Path = ROOT) -> list[str]:
    """Every problem of the words, as one line each; an empty list is a complete pair of languages."""
    said = extract(root)
    entries = translations(root)
    problems = [line for name, message in entries for line in entry_problems(name, message)]
    problems += pair_problems(entries)
    plural = {_key(message): not isinstance(message.id, str) for _, message in entries}
    wanted = {each.key for each in said}
    missing: dict[Key, str] = {}
    for each in said:
        if each.key not in plural:
            missing.setdefault(each.key, f"{each.where}: no translation: {each.singular!r}")
        elif each.plural is not None and not plural[each.key]:
            missing.setdefault(each.key, f"{each.where}: the translation lacks the plural: {each.singular!r}")
    problems += missing.values()
    problems += [
        f"{name}: nothing says this: {_key(message)[1]!r}"
        for name, message in entries
        if _key(message) not in wanted and "overrides" not in " ".join(message.user_comments)
    ]
    return problems


def compile_catalogue(root: Path = ROOT) -> Path:
    """Merge every .po into the one catalogue Django reads, and return where it is."""
    merged = Catalog(locale="zh_Hans", domain="django", fuzzy=False)
    for _, message in translations(root):
        if not message.fuzzy:
            merged.add(message.id, message.string, context=message.context)
    target = root / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside and then renamed: a server that is reading never meets half a file.
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        write_mo(file, merged)
    part.replace(target)
    return target


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m qcchain.words", description=__doc__)
    parser.add_argument("verb", choices=["compile", "extract", "check"])
    verb = parser.parse_args(arguments).verb
    if verb == "compile":
        print(compile_catalogue().relative_to(ROOT))
        return 0
    if verb == "extract":
        for each in extract():
            print(f"{each.where}\t{each.context or ''}\t{each.singular!r}")
        return 0
    problems = check()
    print("\n".join(problems) if problems else "words: complete")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
