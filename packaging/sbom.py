"""The bill of materials of a release: CycloneDX 1.6 as JSON, made from the lock file.

The lock file has all that it needs: each package with its version, the digests of the files that
may be installed, and what asked for it. It is the list that the image is installed from, so the
bill names what runs, and not what happens to be installed where it is made.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

PIN = re.compile(r"^([\w.-]+)==([^\s;]+)")
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ASKED_BY = re.compile(r"^ {4}# {1,3}(?:via )?([\w.-]+)(?: \(pyproject\.toml(:build)?\))?$")
ROOT = "consigned"


class Package(NamedTuple):
    """A package of the lock file."""

    name: str
    version: str
    digests: list[str]
    asked_by: list[str]
    """The packages that need it; a tool of the build alone does not name the product."""

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def packages(lock: str) -> list[Package]:
    """What a lock file pins."""
    found: list[Package] = []
    for line in lock.splitlines():
        if pin := PIN.match(line):
            found.append(Package(pin[1], pin[2], [], []))
        elif digest := DIGEST.search(line):
            found[-1].digests.append(digest[1])
        elif (asked := ASKED_BY.match(line)) and found and not asked[2] and asked[1] != "via":
            found[-1].asked_by.append(asked[1])
    return found


def needed(found: list[Package]) -> set[str]:
    """The names of those that run: the product asks for them, or one that runs does."""
    running = {ROOT}
    while more := {
        one.name for one in found if one.name not in running and running & {*one.asked_by}
    }:
        running |= more
    return running


def bill(lock: str, version: str, epoch: int) -> str:
    """The bill of a version; equal lock files make equal bills."""
    found = packages(lock)
    running = needed(found)
    product = Package(ROOT, version, [], [])
    made: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{product.purl} {lock}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": {
                "type": "application", "bom-ref": product.purl, "name": ROOT, "version": version,
                "purl": product.purl, "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [_component(one, one.name in running) for one in found],
        "dependencies": [
            {
                "ref": one.purl,
                "dependsOn": [other.purl for other in found if one.name in other.asked_by],
            }
            for one in (product, *found)
        ],
    }  # fmt: skip
    return json.dumps(made, indent=2) + "\n"


def _component(one: Package, is_running: bool) -> dict[str, Any]:
    return {
        "type": "library", "bom-ref": one.purl, "name": one.name, "version": one.version,
        "purl": one.purl, "scope": "required" if is_running else "excluded",
        "externalReferences": [{
            "type": "distribution",
            "url": f"https://pypi.org/project/{one.name}/{one.version}/",
            "comment": "the file for the platform, which has one of these digests",
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.digests],
        }],
    }  # fmt: skip
