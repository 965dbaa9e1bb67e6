"""Every public function of the package carries the full card, and its example runs."""

import ast
import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import qualitystats

PACKAGE = Path(qualitystats.__file__).parent
MODULES = [module.name for module in pkgutil.walk_packages(qualitystats.__path__, "qualitystats.")]
CARD = ("Source:", ">>> ")
# The runner and its checkers are about files, not about numbers; the colour formulas stand behind the doors of `colour`, which have cards.
NO_KERNEL = ("verify", "__main__", "colour_formulas")


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    found = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)

    assert found.failed == 0


def public_functions():
    for path in sorted(PACKAGE.glob("*.py")):
        if path.stem.startswith(NO_KERNEL):
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not overloaded(node):
                yield pytest.param(node, id=f"{path.stem}.{node.name}")


def overloaded(node):
    return any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list)


@pytest.mark.parametrize("node", public_functions())
def test_a_public_function_carries_the_full_card(node):
    card = ast.get_docstring(node) or ""
    wanted = [*CARD, "Returns:", *(["Args:"] if node.args.args or node.args.kwonlyargs else [])]
    raises = ["Raises:"] if any(isinstance(inner, ast.Raise) for inner in ast.walk(node)) else []

    assert [part for part in [*wanted, *raises] if part not in card] == []
