"""Check everything in seeds/: tables against their description, hashes, keys across tables, dates, sources, claims.

python -m tools.evidence            report every fault; exit 1 where there is one
python -m tools.evidence --refresh  write the files' hashes into datapackage.json after an intended change
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
from frictionless import Package, system
from pybtex.database import parse_file
from pybtex.scanner import PybtexSyntaxError

from military_diplomacy import tables

SEEDS = Path("seeds")
DESCRIPTION = SEEDS / "datapackage.json"
IN_EVERY_ROW = ("source", "as_of", "checked")
NEEDED_IN_WORKS = ("title", "year", "seen", "seenon")


def sha256(path: Path) -> str:
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def description() -> dict:
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def refresh() -> None:
    package = description()
    for resource in package["resources"]:
        resource["hash"] = sha256(SEEDS / resource["path"])
    DESCRIPTION.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def faults() -> list[str]:
    """Return one sentence a fault; an empty list when all is well."""
    works = parse_file(str(SEEDS / "references.bib")).entries
    resources = description()["resources"]
    found = [*_frictionless(), *_bibliography(works), *_strays(resources)]
    for resource in resources:
        path = SEEDS / resource["path"]
        if not path.is_file():
            found.append(f"{path}: the file is missing; datapackage.json describes it")
            continue
        found += _contract(resource)
        if resource.get("hash") != sha256(path):
            found.append(f"{path}: its hash differs from datapackage.json; if the change is meant, run with --refresh")
        try:
            table = tables.load(resource["name"], checked_only=False)
        except tables.TableError as error:
            found.append(str(error))
            continue
        found += _sources(path, table, works)
        found += _dates(path, table, resource.get("dateOrder", []))
        if "evidence" in table:
            found += _evidence(path, table, {*works, *(other["name"] for other in resources)})
    return [*found, *_orphans(resources)]


def _frictionless() -> Iterator[str]:
    """Frictionless reads the package on its own: schemas, keys within and across tables, hashes."""
    with system.use_context(trusted=True):
        report = Package(str(DESCRIPTION)).validate()
    for task in report.tasks:
        yield from (f"{task.place}: {error.message}" for error in task.errors)
    yield from (f"datapackage.json: {error.message}" for error in report.errors)


def _bibliography(works: dict) -> Iterator[str]:
    addresses: dict[str, str] = {}
    for key, work in works.items():
        for field in NEEDED_IN_WORKS:
            if not work.fields.get(field):
                yield f"references.bib: {key} has no `{field}`"
        if not work.persons.get("author") and not work.persons.get("editor"):
            yield f"references.bib: {key} has no author; name the body that published it, in double braces"
        doi = work.fields.get("doi", "").lower()
        if doi and addresses.setdefault(doi, key) != key:
            yield f"references.bib: {key} and {addresses[doi]} have the same DOI; keep one"


def _contract(resource: dict) -> Iterator[str]:
    """Every table has a key, and every table of data says in every row where it is from and how it was checked."""
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    where = f"datapackage.json, {resource['name']}"
    for part in ("title", "description"):
        if not resource.get(part):
            yield f"{where}: `{part}` is missing"
    if not resource["schema"].get("primaryKey"):
        yield f"{where}: no `primaryKey`; say which column or columns name a row"
    if Path(resource["path"]).parent.name == "data":
        for name in IN_EVERY_ROW:
            if not fields.get(name, {}).get("constraints", {}).get("required"):
                yield f"{where}: a table of data has a column `{name}` that is required in every row"


def _strays(resources: list[dict]) -> Iterator[str]:
    described = {resource["path"] for resource in resources}
    for path in sorted(SEEDS.rglob("*.csv")):
        if str(path.relative_to(SEEDS)) not in described:
            yield f"{path}: not described in datapackage.json"


def _sources(path: Path, table: pd.DataFrame, works: dict) -> Iterator[str]:
    for column in ("source", "source_2"):
        for row, key in enumerate(table.get(column, ()), start=2):
            if isinstance(key, str) and key not in works:
                yield f"{path}, row {row}, column {column}: {key!r} is not in references.bib"
    if "as_of" in table:
        for row, day in enumerate(table["as_of"], start=2):
            if day.date() > date.today():
                yield f"{path}, row {row}, column as_of: {day.date()} has not come yet"


def _dates(path: Path, table: pd.DataFrame, orders: list[list[str]]) -> Iterator[str]:
    """`dateOrder` in a resource lists columns whose dates never run backwards within a row."""
    for columns in orders:
        for row, days in enumerate(table[columns].itertuples(index=False), start=2):
            known = [(name, day) for name, day in zip(columns, days, strict=True) if pd.notna(day)]
            for (earlier, first), (later, second) in zip(known, known[1:], strict=False):
                if first > second:
                    yield f"{path}, row {row}: {earlier} {first.date()} comes after {later} {second.date()}"


def _evidence(path: Path, table: pd.DataFrame, known: set[str]) -> Iterator[str]:
    for row, keys in enumerate(table["evidence"], start=2):
        for key in keys.split(";"):
            if key not in known:
                yield f"{path}, row {row}, column evidence: {key!r} is neither a work of references.bib nor a table"


def _orphans(resources: list[dict]) -> Iterator[str]:
    """Every section of the document has a claim; `foreignKeys` make sure that every claim has a section."""
    if not {"sections", "claims"} <= {resource["name"] for resource in resources}:
        return
    try:
        claims, sections = tables.load("claims"), tables.load("sections")
    except tables.TableError:
        return  # reported with its table
    for section in sections[~sections["id"].isin(claims["section"])].itertuples():
        yield f"sections.csv: {section.id} ({section.heading}) has no claim in claims.csv"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--refresh", action="store_true", help="write hashes into datapackage.json first")
    try:
        if parser.parse_args(arguments).refresh:
            refresh()
        found = faults()
    except (json.JSONDecodeError, PybtexSyntaxError, FileNotFoundError) as error:
        found = [f"seeds: a file cannot be read: {error}"]
    print("\n".join(found) if found else f"seeds: {len(description()['resources'])} tables and every source in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
