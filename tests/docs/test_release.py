"""What a release publishes is made twice and is equal; its bill of materials is the lock file."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything, as `make dist` makes it; that builds twice and compares."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    made = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "dist.py"), str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder


def named(dist: Path, pattern: str) -> Path:
    (found,) = dist.glob(pattern)
    return found


def test_the_sums_are_those_of_the_files(dist: Path) -> None:
    files = {path.name for path in dist.iterdir()}
    assert len(files) == 4
    told = (dist / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert {line.split("  ")[1] for line in told} == files - {"SHA256SUMS"}
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=dist, check=True)


def test_the_wheel_has_what_no_import_finds(dist: Path) -> None:
    with zipfile.ZipFile(named(dist, "*.whl")) as wheel:
        names = wheel.namelist()
    packages = ROOT / "src"
    data = [
        path.relative_to(packages).as_posix()
        for path in packages.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert set(data) - set(names) == set()
    assert [name for name in names if name.startswith("tests/")] == []


def test_the_bill_of_materials_is_the_lock_file(dist: Path) -> None:
    bill: dict[str, Any] = json.loads(named(dist, "*.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    pins = [line.split()[0] for line in lock.splitlines() if "==" in line and line[0] != " "]
    assert len(pins) > 20
    assert [f"{one['name']}=={one['version']}" for one in bill["components"]] == pins
    scopes = {one["name"]: one["scope"] for one in bill["components"]}
    assert (scopes["django"], scopes["sqlparse"]) == ("required", "required")
    assert (scopes["hatchling"], scopes["pathspec"]) == ("excluded", "excluded")
    digests = [
        one["content"]
        for component in bill["components"]
        for reference in component["externalReferences"]
        for one in reference["hashes"]
    ]
    assert len(digests) == lock.count("--hash=sha256:")
    edges = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    of_django = [one for ref, one in edges.items() if ref.startswith("pkg:pypi/django@")]
    assert any(one.startswith("pkg:pypi/sqlparse@") for one in of_django[0])
    refs = {one["bom-ref"] for one in bill["components"]}
    assert {other for one in edges.values() for other in one} <= refs
