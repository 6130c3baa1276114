"""The business is plain: the standard library and itself, no clock, no chance, no outside."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import consigned

HOUSE = Path(consigned.__file__).parent
SOURCES = sorted(HOUSE.rglob("*.py"))

_OUTSIDE = (
    "asyncio ctypes http io multiprocessing os pathlib platform random secrets select shutil "
    "signal socket sqlite3 ssl subprocess sys tempfile threading time urllib uuid zoneinfo"
)
OUTSIDE = frozenset(_OUTSIDE.split())
"""What would bring in a clock, chance, a disk, a network or another process."""

NEVER_CALLED = frozenset({"today", "now", "utcnow", "fromtimestamp", "open", "input", "print"})
FLOATS = frozenset({"float", "round"})


def imported(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out"
            yield node.module


def called(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", None) or getattr(function, "id", None)


@pytest.fixture(params=SOURCES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def tree(request: pytest.FixtureRequest) -> ast.Module:
    return ast.parse(request.param.read_text(encoding="utf-8"))


def test_it_imports_the_standard_library_and_itself_and_nothing_else(tree: ast.Module):
    roots = {module.split(".")[0] for module in imported(tree)}
    assert roots <= sys.stdlib_module_names | {"consigned"}
    assert not roots & OUTSIDE


def test_it_reads_no_clock_and_touches_no_outside(tree: ast.Module):
    assert not set(called(tree)) & NEVER_CALLED


def test_it_knows_no_binary_fractions(tree: ast.Module):
    assert not set(called(tree)) & FLOATS
    written = [n for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    assert not [n.value for n in written if isinstance(n.value, float)]
    divided = [n for n in ast.walk(tree) if isinstance(n, ast.BinOp | ast.AugAssign)]
    assert not [n.lineno for n in divided if isinstance(n.op, ast.Div)]


def test_it_stands_without_any_package_installed():
    """Imported whole, with the standard library alone on the path."""
    program = (
        "import sys; sys.path.append(sys.argv[1])\n"
        "import importlib, pkgutil, consigned\n"
        "for found in pkgutil.walk_packages(consigned.__path__, 'consigned.'):\n"
        "    importlib.import_module(found.name)\n"
    )
    alone = [sys.executable, "-I", "-S", "-c", program, str(HOUSE.parent)]
    answer = subprocess.run(alone, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
