"""Mutants: the product with one small fault put into it, to see whether a test notices.

A sample of what could be wrong is made in a copy of the tree, one at a time, and the tests that
concern the module are run on SQLite until the first of them fails. What they let live is printed,
with its file, line and change: a test is missing there, or the code is not needed.

    rules           a comparison turned or moved by one, `and` for `or`, `+` for `-`, `any` for
                    `all`, a refusal that is not raised                      (src/consigned)
    restrictions    a condition that is left out of what a viewer may see    (queries)
                    what one side alone is told, told to both                (queries)

    python -m tests.mutants                 (make mutants SAMPLE=20 SEED=1 TIMEOUT=300)
    python -m tests.mutants counting/losses   of the files with this in their path alone
"""

import ast
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
LAW = "tests/service/test_queries_law.py"
DAYBOOKS = "tests/daybooks/test_daybooks.py"

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OTHER_NAME = {"any": "all", "all": "any"}


class Mutant(NamedTuple):
    """A part of a file, and what is written in its place."""

    file: Path
    line: int
    start: int
    end: int
    was: str
    becomes: str

    def __str__(self) -> str:
        was, becomes = (" ".join(text.split())[:70] for text in (self.was, self.becomes))
        return f"{self.file.relative_to(ROOT)}:{self.line}: {was}  ->  {becomes}"


# --- what could be wrong -----------------------------------------------------------------


def mutants(file: Path) -> Iterator[Mutant]:
    """Every fault that can be put into a file."""
    text = file.read_bytes()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    change = change_of_rule if "consigned" in file.parts else change_of_restriction
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt | ast.expr) and (becomes := change(node)) is not None:
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
            was = text[start:end].decode()
            yield Mutant(file, node.lineno, start, end, was, becomes)


def change_of_rule(node: ast.AST) -> str | None:
    match node:
        case ast.Compare(left, [sign], [right]) if type(sign) in TURNED:
            return _written(ast.Compare(left, [TURNED[type(sign)]()], [right]))
        case ast.BoolOp(sign, values):
            return _written(
                ast.BoolOp(ast.Or() if isinstance(sign, ast.And) else ast.And(), values)
            )
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right) if not _is_text(left, right):
            other = ast.Sub() if isinstance(sign, ast.Add) else ast.Add()
            return _written(ast.BinOp(left, other, right))
        case ast.Call(ast.Name(name), given, named) if name in OTHER_NAME:
            return _written(ast.Call(ast.Name(OTHER_NAME[name]), given, named))
        case ast.Raise():
            return "pass"
    return None


def change_of_restriction(node: ast.AST) -> str | None:
    match node:
        case ast.Call(ast.Attribute(of, "also"), [_, *_]):
            return _written(ast.Call(ast.Attribute(of, "also"), [ast.Constant("true")], []))
        case ast.IfExp(test, told, _) if re.search(r"\bis_\w+|viewer\.party_id", ast.unparse(test)):
            return _written(told)
    return None


def _written(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _is_text(*parts: ast.expr) -> bool:
    """Texts and lists are joined by a plus, and have no minus."""
    kinds = ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp
    return any(
        isinstance(part, kinds) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in parts
    )


def files(said: str) -> list[Path]:
    """Where faults are looked for: the rules, and what a viewer may see."""
    service = SOURCE / "consigned_service"
    found = [
        *(SOURCE / "consigned").rglob("*.py"),
        *(service / "queries").rglob("*.py"),
    ]
    return sorted(file for file in found if said in file.as_posix())


# --- which tests concern it --------------------------------------------------------------


def tests_of(file: Path) -> list[str]:
    """The tests of a module, those that say its name first: close up, then from the doors."""
    module = ".".join(file.relative_to(SOURCE).with_suffix("").parts)
    package, _, name = module.rpartition(".")
    says = re.compile(
        rf"{re.escape(module)}\b|from {re.escape(package)} import [^#]*?\b{name}\b(?! *\.)"
    )
    found = [
        test
        for folder in ("business", "laws", "service")
        for test in sorted((ROOT / "tests" / folder).glob("test_*.py"))
        if says.search(test.read_text(encoding="utf-8"))
        or test.stem in (f"test_{name}", f"test_queries_{name}")
    ]
    paths = [test.relative_to(ROOT).as_posix() for test in found]
    ends = [DAYBOOKS] if "consigned" in file.parts else [LAW, DAYBOOKS]
    return [*dict.fromkeys([*paths, *ends])]


# --- whether a test notices --------------------------------------------------------------


def copy_tree(target: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("src", "tests", "docs", "benchmarks"):
        shutil.copytree(ROOT / name, target / name, ignore=ignored)
    for name in ("pyproject.toml", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(ROOT / name, target / name)


def lives(mutant: Mutant, tree: Path, timeout: int) -> bool:
    """Whether every test that concerns it lets it live; what takes too long is noticed, too."""
    file = tree / mutant.file.relative_to(ROOT)
    text = file.read_bytes()
    file.write_bytes(text[: mutant.start] + mutant.becomes.encode() + text[mutant.end :])
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m",
        "not postgres and not browser", *tests_of(mutant.file),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    running = subprocess.Popen(
        command, cwd=tree, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return running.wait(timeout) == 0
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return False
    finally:
        file.write_bytes(text)


def main(said: str = "") -> None:
    size, seed, timeout = (
        int(os.environ.get(name, default))
        for name, default in (("SAMPLE", 20), ("SEED", 1), ("TIMEOUT", 300))
    )
    found = [mutant for file in files(said) for mutant in mutants(file)]
    chosen = random.Random(seed).sample(found, min(size, len(found)))
    print(f"{len(chosen)} of {len(found):,} mutants, seed {seed}", flush=True)
    alive = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        copy_tree(tree)
        for mutant in chosen:
            is_alive = lives(mutant, tree, timeout)
            alive += is_alive
            print(f"{'LIVES' if is_alive else 'noticed'}  {mutant}", flush=True)
    print(f"{alive} of {len(chosen)} live")


if __name__ == "__main__":
    main(*sys.argv[1:2])
