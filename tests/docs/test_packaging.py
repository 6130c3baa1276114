"""The files for operators in packaging/ fit the product and each other, as far as can be seen
without building an image or starting a unit."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from consigned_service.interfaces.console.parser import COMMANDS, parser
from consigned_service.project.configuration import IN_FILE, SETTINGS
from tests.support.nginx import nginx_program

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
FILES = sorted(path for path in PACKAGING.rglob("*") if path.is_file() and path.suffix != ".py")
UNITS = sorted((PACKAGING / "systemd").glob("*.service"))
CONTAINERFILE = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
RUNNING = (ROOT / "docs" / "RUNNING.md").read_text(encoding="utf-8")
PROGRAM = "/opt/consigned/bin/consigned"
EXPOSED = 1.5
"""What `systemd-analyze security` may give a unit at most; 10 is one without any protection."""

names_of = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((PACKAGING / "compose.yaml").read_text("utf-8"))
    return read


@names_of
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {one.name for one in SETTINGS}
    known |= {one.name + IN_FILE for one in SETTINGS if one.is_secret}
    named = re.findall(r"\b(?:CONSIGNED_|DATABASE_URL)\w*", path.read_text(encoding="utf-8"))
    assert set(named) - known == set()


@names_of
def test_the_operators_guide_names_every_file(path: Path) -> None:
    assert path.relative_to(ROOT).as_posix() in RUNNING


def test_no_secret_stands_in_a_file_of_ours() -> None:
    secret = {one.name for one in SETTINGS if one.is_secret}
    for path in FILES:
        given = re.findall(r"\b([A-Z_]+)[=:] *\S", path.read_text(encoding="utf-8"))
        assert set(given) & secret == set(), path


# --- the image -------------------------------------------------------------------------------


def copied() -> list[str]:
    """What the image is made of."""
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    return [path for line in lines for path in line.split()]


def test_what_the_image_copies_is_there_and_is_sent_to_its_builder() -> None:
    assert "requirements/run.txt" in copied()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*"
    assert {line.removeprefix("!") for line in ignored if line.startswith("!")} == set(copied())
    assert [path for path in copied() if not (ROOT / path).exists()] == []


def test_what_the_image_copies_is_enough_to_install_the_product(tmp_path: Path) -> None:
    for name in copied():
        target = tmp_path / "build" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=tmp_path / "build", check=True, capture_output=True,
    )  # fmt: skip
    assert list(tmp_path.glob("consigned-*.whl"))


def test_the_image_is_installed_from_hashes_and_runs_as_nobody_in_particular() -> None:
    assert "--require-hashes -r /build/requirements/run.txt" in CONTAINERFILE
    assert CONTAINERFILE.rindex("\nUSER 10001") > CONTAINERFILE.rindex("\nRUN ")
    assert re.search(r"^HEALTHCHECK .*\n.*/livez", CONTAINERFILE, re.MULTILINE)


# --- compose ---------------------------------------------------------------------------------


def test_the_commands_of_compose_exist() -> None:
    ours = {
        name: one["command"]
        for name, one in compose()["services"].items()
        if one["image"] == "consigned"
    }
    assert set(ours) == {"init", "web", "backup"}
    for command in ours.values():
        assert command[0] in COMMANDS
        parser([command[0]]).parse_args(command)


def test_the_service_of_compose_writes_nowhere_and_trusts_its_proxy_alone() -> None:
    read = compose()
    for name in ("init", "web", "backup"):
        one = read["services"][name]
        assert one["read_only"], name
        assert one["cap_drop"] == ["ALL"], name
        assert set(one["secrets"]) <= set(read["secrets"]), name
    web, nginx = read["services"]["web"], read["services"]["nginx"]
    shared = set(web["networks"]) & set(nginx["networks"])
    assert shared == {"proxy"}
    (subnet,) = read["networks"]["proxy"]["ipam"]["config"]
    assert web["environment"]["CONSIGNED_TRUSTED_PROXIES"] == subnet["subnet"]
    named = {network for one in read["services"].values() for network in one["networks"]}
    assert named == set(read["networks"])


def test_nginx_reads_the_configuration_of_compose(tmp_path: Path) -> None:
    nginx = nginx_program()
    if nginx is None or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not installed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", "/CN=localhost", "-keyout", str(tmp_path / "certificate-key"),
         "-out", str(tmp_path / "certificate")],
        check=True, capture_output=True,
    )  # fmt: skip
    written = (PACKAGING / "nginx.conf").read_text(encoding="utf-8")
    written = written.replace("/run/secrets", str(tmp_path)).replace("/run/", f"{tmp_path}/")
    (tmp_path / "nginx.conf").write_text(written)
    tried = subprocess.run(
        [nginx, "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


# --- systemd ---------------------------------------------------------------------------------


def analyze(*arguments: str) -> str:
    """What systemd-analyze answers, or the test is skipped where it is not installed."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    ran = subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units with a program that is installed here."""
    for path in (PACKAGING / "systemd").glob("*.*"):
        content = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(content.replace(PROGRAM, "/bin/true"))
    return sorted([*tmp_path.glob("*.service"), *tmp_path.glob("*.timer")])


def test_systemd_understands_the_units(units: list[Path]) -> None:
    assert len(units) == 3
    assert analyze("verify", "--man=no", *map(str, units)) == ""


def test_the_units_expose_little(units: list[Path]) -> None:
    for unit in units:
        if unit.suffix == ".service":
            found = analyze("security", "--offline=yes", str(unit))
            level = re.search(r"exposure level for \S+: ([\d.]+)", found)
            assert level, found
            assert float(level[1]) <= EXPOSED, found


def test_both_units_are_confined_alike() -> None:
    confined = {
        path.read_text(encoding="utf-8")
        .partition("# What it may touch")[2]
        .partition("\n\n")[0]
        .strip()
        for path in UNITS
    }
    assert len(UNITS) == 2
    assert len(confined) == 1
    assert "\nProtectSystem=strict\n" in confined.pop()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_exists(path: Path) -> None:
    (words,) = re.findall(rf"^ExecStart={PROGRAM} (.+)$", path.read_text("utf-8"), re.MULTILINE)
    command = words.split()
    assert command[0] in COMMANDS
    parser([command[0]]).parse_args(command)
