"""Makes what a release publishes, in dist/ or the folder that is named: `make dist`.

The wheel and the source distribution are built twice, in two folders, with the time of the last
commit, from the files that git knows. Were their bytes not equal, or the wheel of the source
distribution another one, nothing would be made: nobody could then verify that they are what the
source says.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from hashlib import sha256
from pathlib import Path

from sbom import bill

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "run.txt"
SUMS = "SHA256SUMS"


def main(target: Path) -> None:
    epoch = _git("log", "-1", "--format=%ct").strip()
    with tempfile.TemporaryDirectory() as folder:
        first, second, third = (Path(folder) / name for name in ("a", "b/longer", "c"))
        built = [_build(_copy(first), epoch, 0o022), _build(_copy(second), epoch, 0o077)]
        built.append(_build(_unpacked(built[0], third), epoch, 0o022))
        for other in built[1:]:
            _refuse_difference(built[0], other)
        version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(built[0], target)
    written = bill(LOCK.read_text(encoding="utf-8"), version, int(epoch))
    (target / f"consigned-{version}.cdx.json").write_text(written, encoding="utf-8")
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(target.iterdir())
    ]
    (target / SUMS).write_text("".join(lines), encoding="utf-8")
    sys.stdout.write("".join(lines))


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def _copy(folder: Path) -> Path:
    """The files that git knows, as they are now."""
    for name in _git("ls-files", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def _unpacked(built: Path, folder: Path) -> Path:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return source


def _build(source: Path, epoch: str, umask: int) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "dist"],
        cwd=source, check=True, capture_output=True, umask=umask,
        env={**os.environ, "SOURCE_DATE_EPOCH": epoch},
    )  # fmt: skip
    return source / "dist"


def _refuse_difference(one: Path, other: Path) -> None:
    names = sorted({path.name for folder in (one, other) for path in folder.iterdir()})
    _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    if different or missing:
        sys.exit(f"Built twice, these are not equal: {', '.join(different + missing)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
