"""The refusals of each act in order of precedence, docs/REFUSALS.md: read off the code itself.

    python -m tests.refusals            writes docs/REFUSALS.md
    python -m tests.refusals --check    says whether it is up to date

An act is a public function of the operations. Its body is read from top to bottom, and every call
that leads to code of ours is followed on the spot, so that refusals come in the order in which a
line of input meets them. Of two obstacles the one that is listed first is the answer.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeGuard

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src"
PAGE = ROOT / "docs" / "REFUSALS.md"
OPERATIONS = SOURCES / "consigned_service" / "operations"
FIELDS = OPERATIONS / "core" / "fields.py"

NO_ACTS = {"__init__", "imports", "outcome", "upsert", "idempotency", "batch", "lines"}
"""Modules that carry out the acts of others."""

CLOSES = ("posting", "close")
"""What follows from a posting is met when it is closed, wherever it was opened."""
AT_THE_END = "~"

LAST = {"TooLargeToKeep"}
"""Met at the end, when what was decided is written, wherever the posting was opened."""

Definition = ast.FunctionDef | ast.ClassDef


class Module(NamedTuple):
    """What a file defines, and what its names stand for elsewhere: module and name."""

    path: Path
    doc: str
    defined: dict[str, Definition]
    imported: dict[str, tuple[str, str]]


class Act(NamedTuple):
    module: str
    name: str
    does: str
    of_fields: list[str]
    """Names of what a field of a line is refused for, before all else."""
    refuses: list[str]
    """Names of refusals, in order of precedence."""


def page() -> str:
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    said = {refusal.__name__: refusal for refusal in _refusals()}
    yield "# Refusals, act by act"
    yield ""
    yield "Made from the code by `python -m tests.refusals`; not edited. An act refuses what it"
    yield "cannot do, says why in the asker's own numbers, and has changed nothing. Where two"
    yield "obstacles stand in the way, the one that is listed first is the answer. The fields of a"
    yield "line are read before anything else, and all that are wrong are said together, as"
    yield "`wrong-fields`. What each says is in [REFERENCE.md](REFERENCE.md#refusals)."
    module = ""
    for act in acts():
        if act.module != module:
            module = act.module
            yield ""
            yield f"## {module.replace('_', ' ').replace('/', ': ')}"
        yield ""
        yield f"### `{act.name}`"
        yield ""
        yield act.does
        yield ""
        if act.of_fields:
            codes = ", ".join(f"`{said[name].code}`" for name in act.of_fields)
            yield f"Fields first, each that is wrong: {codes}."
            yield ""
        if not act.refuses:
            yield "Refuses nothing." if not act.of_fields else "Refuses nothing else."
        for place, name in enumerate(act.refuses, start=1):
            yield f"{place}. `{said[name].code}`"


def _refusals() -> set:
    from tests.reference import refusals

    return refusals()


def acts() -> Iterator[Act]:
    """Every act with what it refuses, module by module."""
    for path in sorted(OPERATIONS.rglob("*.py")):
        if path.stem in NO_ACTS:
            continue
        module = read(path)
        for name, found in module.defined.items():
            if isinstance(found, ast.FunctionDef) and _is_act(name, found):
                does = " ".join((ast.get_docstring(found) or "").split("\n\n")[0].split())
                met = sorted(_raised(module, found), key=lambda name: name.startswith(AT_THE_END))
                met = list(dict.fromkeys(name.removeprefix(AT_THE_END) for name in met))
                of_fields = _of_fields(found, module)
                met = [name for name in met if name not in of_fields]
                refuses = sorted(met, key=LAST.__contains__)
                room = path.relative_to(OPERATIONS).with_suffix("").as_posix()
                yield Act(room, name, does, of_fields, refuses)


def _of_fields(act: ast.FunctionDef, module: Module) -> list[str]:
    """What the fields of an act's lines may be refused for, as their types are declared."""
    from consigned_service.operations.registry import OPERATIONS

    operation = next((one for one in OPERATIONS.values() if one.is_by(act.name)), None)
    if operation is None:
        return []
    declared = read(FIELDS)
    met = ["Required"] if any(field.is_required for field in operation.fields) else []
    for field in operation.fields:
        for kind in type(field.type).__mro__:
            methods = [one for one in _methods_of(declared, kind.__name__) if one.name == "read"]
            if methods:
                met += _raised(declared, methods[0])
                break
    return [name for name in dict.fromkeys(met) if name in _refusal_names()]


def _is_act(name: str, found: ast.FunctionDef) -> bool:
    """Acts are asked by keyword, and tell in words what they do."""
    return not name.startswith("_") and bool(found.args.kwonlyargs) and not found.args.args


# --- following the code ----------------------------------------------------------------------


@cache
def read(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined: dict[str, Definition] = {}
    imported: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, Definition):
            defined[node.name] = node
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("consigned"):
            for alias in node.names:
                imported[alias.asname or alias.name] = (node.module or "", alias.name)
    return Module(path, ast.get_docstring(tree) or "", defined, imported)


def _file_of(dotted: str) -> Path | None:
    stem = SOURCES.joinpath(*dotted.split("."))
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.exists():
            return path
    return None


_known: dict[ast.AST, list[str]] = {}
"""What was read off already; a function that comes back to itself adds nothing the second time."""


def _raised(module: Module, start: Definition) -> list[str]:
    """The refusals that a function or the making of a class may raise, in the order of the text."""
    if start not in _known:
        _known[start] = []
        _known[start] = list(dict.fromkeys(_follow(module, start)))
    return _known[start]


def _follow(module: Module, start: Definition) -> Iterator[str]:
    inner = {node.name: node for node in ast.walk(start) if isinstance(node, ast.FunctionDef)}
    for node in _in_order(start):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            if node.exc.id in _refusal_names():
                yield node.exc.id
        elif isinstance(node, ast.Call) and _called(node.func) in _refusal_names():
            yield _called(node.func)
        elif isinstance(node, ast.Call):
            for there, found in _targets(module, start, node.func):
                yield from _met(there, found)
            for handed in (node.func, *node.args):  # a function of its own is called at the end
                if isinstance(handed, ast.Name) and handed.id in inner:
                    yield from _raised(module, inner[handed.id])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found = module.defined.get(node.id)  # a function that is handed on is called there
            if isinstance(found, ast.FunctionDef) and node.id != start.name:
                yield from _met(module, found)


def _met(module: Module, found: Definition) -> Iterator[str]:
    """What a call raises, and whether only at the end."""
    is_closing = (module.path.stem, found.name) == CLOSES
    for name in _raised(module, found):
        yield AT_THE_END + name.removeprefix(AT_THE_END) if is_closing else name


@cache
def _refusal_names() -> frozenset[str]:
    return frozenset(refusal.__name__ for refusal in _refusals())


def _in_order(start: Definition) -> Iterator[ast.AST]:
    """The nodes of a body as they are met: what a call is given before the call itself. Functions
    within it are met where they are called, or handed on."""
    for statement in start.body:
        if isinstance(start, ast.FunctionDef):
            yield from _inside(statement)
        elif _is_making(statement):
            yield from _in_order(statement)


def _is_making(statement: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    made_by = ("__init__", "__post_init__")
    return isinstance(statement, ast.FunctionDef) and statement.name in made_by


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef):
        return
    if isinstance(node, ast.Raise):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _inside(child)
    if isinstance(node, ast.Call | ast.Name):
        yield node


def _called(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _targets(
    module: Module, start: Definition, func: ast.expr
) -> Iterator[tuple[Module, Definition]]:
    """Where a call may lead, as far as the text tells."""
    name = _called(func)
    if isinstance(func, ast.Name):
        yield from _named(module, name)
    elif isinstance(func, ast.Attribute):
        if isinstance(func.value, ast.Name) and func.value.id in module.imported:
            package, inner = module.imported[func.value.id]
            if path := _file_of(f"{package}.{inner}"):
                yield from _named(read(path), name)
                return
        yield from _methods(module, name)


def _named(module: Module, name: str) -> Iterator[tuple[Module, Definition]]:
    if name in module.defined:
        yield module, module.defined[name]
    elif name in module.imported:
        package, inner = module.imported[name]
        if path := _file_of(package):
            yield from _named(read(path), inner)


def _methods(module: Module, name: str) -> Iterator[tuple[Module, Definition]]:
    """A method of a class of the module's own, or the one of this name in the whole business."""
    own = [(module, inside) for inside in _methods_in(module) if inside.name == name]
    yield from own or _only_methods().get(name, ())


def _methods_in(module: Module) -> Iterator[ast.FunctionDef]:
    for name in module.defined:
        yield from _methods_of(module, name)


def _methods_of(module: Module, name: str) -> Iterator[ast.FunctionDef]:
    found = module.defined.get(name)
    if isinstance(found, ast.ClassDef):
        yield from (inside for inside in found.body if isinstance(inside, ast.FunctionDef))


@cache
def _only_methods() -> dict[str, list[tuple[Module, Definition]]]:
    """Methods of the business by name, where only one class has one of that name."""
    named: dict[str, list[tuple[Module, Definition]]] = {}
    for path in sorted((SOURCES / "consigned").rglob("*.py")):
        for method in _methods_in(read(path)):
            named.setdefault(method.name, []).append((read(path), method))
    return {name: found for name, found in named.items() if len(found) == 1}


def main(words: Sequence[str]) -> int:
    from tests import reference

    reference.set_up()
    if words == ["--check"]:
        return 0 if PAGE.read_text(encoding="utf-8") == page() else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
