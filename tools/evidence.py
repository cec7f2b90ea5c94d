"""Check everything in seeds/: files against their description, hashes, sources against the bibliography.

python -m tools.evidence            report every fault; exit 1 where there is one
python -m tools.evidence --refresh  write the files' hashes into datapackage.json after an intended change
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from frictionless import Package, system

from military_diplomacy import references, tables

SEEDS = Path("seeds")
DESCRIPTION = SEEDS / "datapackage.json"


def sha256(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def refresh() -> None:
    package = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        resource["hash"] = sha256(SEEDS / resource["path"])
    DESCRIPTION.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def faults() -> list[str]:
    """Return one sentence a fault; an empty list when all is well."""
    found = []
    with system.use_context(trusted=True):
        report = Package(str(DESCRIPTION)).validate()
    for task in report.tasks:
        found += [f"{task.place}: {error.message}" for error in task.errors]
    found += [f"datapackage.json: {error.message}" for error in report.errors]
    works = references.load()
    for resource in json.loads(DESCRIPTION.read_text(encoding="utf-8"))["resources"]:
        name, path = resource["name"], SEEDS / resource["path"]
        if resource.get("hash") != sha256(path):
            found.append(f"{path}: its hash differs from datapackage.json; if the change is meant, run with --refresh")
        try:
            table = tables.load(name, checked_only=False)
        except tables.TableError as error:
            found.append(str(error))
            continue
        for key in table.attrs["sources"]:
            if key not in works:
                found.append(f"{path}: source {key!r} is not in references.bib")
        if "date" in table and not table["date"].is_monotonic_increasing:
            found.append(f"{path}: rows are not in order of date")
    for path in sorted((SEEDS / "data").glob("*.csv")):
        if str(path.relative_to(SEEDS)) not in {r["path"] for r in json.loads(DESCRIPTION.read_text())["resources"]}:
            found.append(f"{path}: not described in datapackage.json")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refresh", action="store_true", help="write hashes into datapackage.json first")
    if parser.parse_args(arguments).refresh:
        refresh()
    found = faults()
    print("\n".join(found) if found else "seeds: every table, hash and source is in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
