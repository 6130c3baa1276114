"""What a deployment chooses: where a value comes from, and what is refused."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from consigned_service.project.configuration import SETTINGS, read_configuration
from tests.service.console import Console

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_environment_wins_over_the_file_and_the_file_over_what_nobody_chose(
    folder: Path,
) -> None:
    (folder / "consigned.env").write_text(
        "# what we chose\n\nCONSIGNED_PROCESSES=3\nCONSIGNED_THREADS = '8'\n"
    )
    chosen = read_configuration({"CONSIGNED_PROCESSES": "5"})
    found = {
        name: chosen.chosen[name]
        for name in ("CONSIGNED_PROCESSES", "CONSIGNED_THREADS", "CONSIGNED_TIME_ZONE")
    }
    assert found == {
        "CONSIGNED_PROCESSES": ("5", "the environment"),
        "CONSIGNED_THREADS": ("8", "consigned.env"),
        "CONSIGNED_TIME_ZONE": ("UTC", "default"),
    }


def test_a_secret_may_stand_in_a_file_of_its_own(folder: Path) -> None:
    kept = folder / "key"
    kept.write_text("open sesame\n")
    chosen = read_configuration({"CONSIGNED_SECRET_KEY_FILE": str(kept)})
    assert chosen.chosen["CONSIGNED_SECRET_KEY"] == ("open sesame", str(kept))
    named = folder / "other.env"
    named.write_text(f"CONSIGNED_MAIL_FILE={kept}\n")
    assert read_configuration({"CONSIGNED_CONFIG": str(named)})["CONSIGNED_MAIL"] == "open sesame"


TWICE = "CONSIGNED_LOG=json\nCONSIGNED_LOG=text\n"
WRONG = [  # environment                       file               what is answered
    ({"CONSIGNED_HOST": "x"},                  "",                "no setting CONSIGNED_HOST"),
    ({"CONSIGNED_THREAD": "4"},                "",                "_THREADS may be meant"),
    ({"CONSIGNED_THREADS_FILE": "x"},          "",                "setting CONSIGNED_THREADS_FILE"),
    ({},                                       "PATH=/bin\n",     "PATH, which consigned.env"),
    ({},                                       "CONSIGNED_URL\n", "Line 1 of consigned.env is not"),
    ({},                                       TWICE,             "CONSIGNED_LOG a second time"),
    ({"CONSIGNED_CONFIG": "nowhere.env"},      "",                "nowhere.env cannot be read"),
    ({"CONSIGNED_SECRET_KEY_FILE": "nowhere"}, "",                "nowhere cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "file", "sentence"), WRONG)
def test_what_nobody_can_mean_is_refused(
    folder: Path, environment: dict[str, str], file: str, sentence: str
) -> None:
    if file:
        (folder / "consigned.env").write_text(file)
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        read_configuration(environment)


def read_all(environment: dict[str, str]) -> object:
    chosen = read_configuration(environment)
    return (
        chosen.origins(), chosen.listen(), chosen.trusted_proxies(),
        chosen.whole_number("CONSIGNED_PROCESSES", 64), chosen.one_of("CONSIGNED_LOG", "text"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONSIGNED_URL", "consigned.example.com"),
        ("CONSIGNED_URL", "https://consigned.example.com/stock"),
        ("CONSIGNED_URL", "https://joe@consigned.example.com"),
        ("CONSIGNED_URL", "ftp://consigned.example.com"),
        ("CONSIGNED_URL", "https://consigned.example.com:99999"),
        ("CONSIGNED_LISTEN", "8000"),
        ("CONSIGNED_LISTEN", "127.0.0.1:http"),
        ("CONSIGNED_LISTEN", "127.0.0.1:70000"),
        ("CONSIGNED_TRUSTED_PROXIES", "10.0.0.300"),
        ("CONSIGNED_TRUSTED_PROXIES", "proxy.example.com"),
        ("CONSIGNED_PROCESSES", "0"),
        ("CONSIGNED_PROCESSES", "many"),
        ("CONSIGNED_PROCESSES", "٣"),
        ("CONSIGNED_LOG", "xml"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refused:
        read_all({name: value})
    assert repr(value) in str(refused.value)


def test_the_command_shows_each_setting_and_its_origin_but_no_secret(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://joe:hush@db.example/consigned")
    monkeypatch.setenv("CONSIGNED_SECRET_KEY", "hush hush")
    monkeypatch.setenv("CONSIGNED_MAIL", "smtp://joe:hush@mail.example:25")
    said = Console(folder).apart("settings", "--json")
    shown = {row["setting"]: (row["value"], row["origin"]) for row in json.loads(said.out)}
    assert list(shown) == [setting.name for setting in SETTINGS]
    assert shown["DATABASE_URL"] == (
        "postgresql://joe:…@db.example/consigned", "the environment",
    )  # fmt: skip
    assert shown["CONSIGNED_SECRET_KEY"] == ("…", "the environment")
    assert "hush" not in said.out + Console(folder).apart("settings").out


def test_the_command_names_what_leaves_passwords_readable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Console(folder).apart("settings", "--check")
    assert said.code == 1
    assert "CONSIGNED_URL names no https address" in said.err
    monkeypatch.setenv("CONSIGNED_URL", "https://consigned.example.com")
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")  # the tests' own, for the browser
    said = Console(folder).apart("settings", "--check")
    assert (said.code, said.err) == (0, "")


def test_an_unknown_setting_stops_every_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSIGNED_HOSTS", "shop.example")
    said = Console(folder).apart("init")
    assert said.code == 2
    assert said.err.startswith("There is no setting CONSIGNED_HOSTS, which the environment gives.")


def test_nobody_else_may_reach_the_pages_without_https(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(folder)
    database = f"sqlite:///{folder}/shop.sqlite3"
    assert console.apart("init", database=database).code == 0
    said = console.apart("serve", "--host", "0.0.0.0", database=database)
    assert said.code == 2
    assert said.err.startswith("Passwords would be readable on their way to http://0.0.0.0:8000:")


def test_no_other_name_is_read_from_the_environment_than_is_documented() -> None:
    """A setting that the code reads beside the declaration would be known to nobody."""
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"""environ(?:\.get\(|\[)["']([A-Z_]+)""", path.read_text())
    }
    assert read <= {"DJANGO_SETTINGS_MODULE", "XDG_STATE_HOME", "DATABASE_URL",
                    "CONSIGNED_THREADS", "CONSIGNED_URL"}  # fmt: skip
    reference = (ROOT / "docs" / "REFERENCE.md").read_text()
    assert [s.name for s in SETTINGS if f"`{s.name}`" not in reference] == []
