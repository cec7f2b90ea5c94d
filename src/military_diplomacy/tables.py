"""Curated tables as typed DataFrames.

Every table is a CSV file in `seeds/data`, described in `seeds/datapackage.json` (Frictionless Data Package). The
description is the contract: a value that breaks it raises an error that names row, column, value and expectation.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from .seeds_folder import seeds_folder

SHOWABLE = ("primary", "secondary")


class TableError(ValueError):
    """A table's file does not say what its description promises."""


def describe(name: str) -> dict:
    """Return the resource of `datapackage.json` called `name`: title, description, path, schema.

    Raises:
        KeyError: there is no such table; the message lists those there are.
    """
    package = json.loads((seeds_folder() / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    if name not in resources:
        raise KeyError(f"no table is called {name!r}; there are: {', '.join(sorted(resources))}")
    return resources[name]


def load(name: str, *, checked_only: bool = True) -> pd.DataFrame:
    """Return table `name`, one observation a row, in the order of its file.

    Dates are `datetime64`, whole numbers `Int64`, numbers `float64`, texts `str`; an empty cell is missing. `attrs` holds
    `title`, `description`, `units` (column to unit) and `sources` (bibliography keys in use).

    Args:
        name: as in `datapackage.json`.
        checked_only: leave out rows whose `checked` is `unverified`; nothing may be shown or graded from those.

    Raises:
        KeyError: there is no such table.
        TableError: the file differs from its description.
    """
    resource = describe(name)
    table = read(seeds_folder() / resource["path"], resource)
    if checked_only and "checked" in table:
        table = table[table["checked"].isin(SHOWABLE)].reset_index(drop=True)
    fields = resource["schema"]["fields"]
    table.attrs = {
        "title": resource["title"],
        "description": resource["description"],
        "units": {field["name"]: field["unit"] for field in fields if "unit" in field},
        "sources": sorted(
            {key for column in ("source", "source_2") if column in table for key in table[column].dropna()}
        ),
    }
    return table


def read(path: Path, resource: dict) -> pd.DataFrame:
    """Return the CSV file at `path`, every cell held against the fields of `resource`.

    Raises:
        TableError: a column is missing or unexpected, a cell has the wrong form, or a key occurs twice.
    """
    if not path.is_file():
        raise TableError(f"{path.name}: the file is missing; datapackage.json expects it at {path}")
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    fields = resource["schema"]["fields"]
    expected = [field["name"] for field in fields]
    if list(raw.columns) != expected:
        raise TableError(f"{path.name}: expected the columns {expected}, found {list(raw.columns)}")
    table = pd.DataFrame({field["name"]: _column(path.name, raw[field["name"]], field) for field in fields})
    key = resource["schema"].get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    repeated = table.duplicated(key) if key else pd.Series(False, index=table.index)
    if repeated.any():
        row = repeated.idxmax()
        raise TableError(
            f"{path.name}, row {row + 2}: the key {dict(table.loc[row, key])} stands in an earlier row too; "
            "a key names one row"
        )
    return table


def _column(file: str, cells: pd.Series, field: dict) -> pd.Series:
    """Return one column converted; the row number in an error counts lines of the file, the header being line 1."""
    constraints = field.get("constraints", {})
    kind = field["type"]
    if kind not in _TYPES:
        raise TableError(f"datapackage.json, field {field['name']}: type {kind!r} is not one of {sorted(_TYPES)}")
    expectation, fits, convert = _TYPES[kind]
    low, high = constraints.get("minimum"), constraints.get("maximum")

    def fault(cell: str) -> str | None:
        if cell == "":
            return "a value (the cell is empty)" if constraints.get("required") else None
        if not fits(cell):
            return expectation
        if "enum" in constraints and cell not in constraints["enum"]:
            return "one of " + ", ".join(constraints["enum"])
        if "pattern" in constraints and not re.fullmatch(constraints["pattern"], cell):
            return f"a text that matches {constraints['pattern']}"
        number = kind in ("integer", "number", "year")
        if low is not None and (float(cell) < float(low) if number else cell < low):
            return f"at least {low}"
        if high is not None and (float(cell) > float(high) if number else cell > high):
            return f"at most {high}"
        return None

    for row, cell in enumerate(cells, start=2):
        if wanted := fault(cell):
            raise TableError(f"{file}, row {row}, column {field['name']}: expected {wanted}, found {cell!r}")
    return convert(cells.where(cells != "", None))


def _is_date(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell)) and not pd.isna(pd.to_datetime(cell, errors="coerce"))


_TYPES: dict[str, tuple[str, Callable[[str], bool], Callable[[pd.Series], pd.Series]]] = {
    "string": ("a text", lambda cell: cell == cell.strip(), lambda cells: cells.astype("str")),
    "date": ("a date such as 2018-09-19", _is_date, pd.to_datetime),
    "year": ("a year such as 2018", re.compile(r"\d{4}").fullmatch, lambda cells: pd.to_numeric(cells).astype("Int64")),
    "integer": ("a whole number", re.compile(r"-?\d+").fullmatch, lambda cells: pd.to_numeric(cells).astype("Int64")),
    "number": (
        "a number",
        re.compile(r"-?\d+(\.\d+)?").fullmatch,
        lambda cells: pd.to_numeric(cells).astype("float64"),
    ),
}
