"""Checks of many values: counts, numbers by a key, a sequence, a table."""

import datetime
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .answer import CheckError, as_number, brief, given, plain, same, shown


def counts(
    found: Any,
    expected: Mapping[Hashable, int],
    what: str,
    known_wrong: Mapping[tuple, str] | None = None,
) -> None:
    """Pass when `found` counts the same things as `expected`: a dict, Counter, Series or table, in any order, zeros or not.

    Args:
        found: the learner's counts.
        expected: thing to number of occurrences.
        known_wrong: sorted pairs of a wrong answer to its sentence.

    Raises:
        CheckError: it is no such collection, or a count differs.
    """
    given(found, what, "a dictionary or a Series of counts")
    found = _pairs(found, expected, what, "a dictionary or a Series of counts")
    pairs = {plain(key): as_number(value) for key, value in found.items()}
    if any(isinstance(key, tuple) for key in pairs):
        raise CheckError(f"{what} counts by more than one thing: {shown(next(iter(pairs)))}. Count by the kind alone.")
    if (
        isinstance(found, pd.Series)
        and len(found)
        and math.isclose(pd.to_numeric(found, errors="coerce").sum(), 1)
        and sum(expected.values()) != 1
    ):
        raise CheckError(f"{what} gave shares that add up to 1; the item asks for numbers of events.")
    if strange := {key: value for key, value in found.items() if not isinstance(as_number(value), int)}:
        raise CheckError(f"{what} should hold whole numbers, found {shown(strange)}.")
    pairs = {key: count for key, count in pairs.items() if count}
    wanted = {plain(key): count for key, count in expected.items() if count}
    if pairs == wanted:
        return
    if sentence := (known_wrong or {}).get(tuple(sorted(pairs.items(), key=str))):
        raise CheckError(sentence)
    for key in sorted(set(pairs) | set(wanted), key=str):
        if pairs.get(key, 0) != wanted.get(key, 0):
            raise CheckError(
                f"{what} should count {wanted.get(key, 0)} × {key!r}, found {pairs.get(key, 0)}. Look at the rows of that "
                'kind: which of them should count? (A year compares as a number: 2018, not "2018". The function should use the table in '
                "its brackets and no other.)"
            )


def numbers_by(
    found: Any,
    expected: Mapping[Hashable, float],
    what: str,
    tolerance: float = 0.0,
    known_wrong: Mapping[tuple[Hashable, float], str] | None = None,
    lacking: str = "",
) -> None:
    """Pass when `found` gives each key of `expected` its number: a dict, Series, or table of one or two columns.

    Order does not count. A key with a missing value is a key left out; zero is a value. Where the keys are years, days
    and periods of a year stand for it.

    Args:
        known_wrong: (key, number) to the sentence for finding that number there, also where the key should be left out.
        lacking: what to look at when a key is missing.

    Raises:
        CheckError: it is no such collection, a key is missing or too many, or a number differs.
    """
    given(found, what, "a dictionary or a Series")
    items = [
        (_like(plain(key), expected), plain(value))
        for key, value in _pairs(found, expected, what, "a dictionary or a Series").items()
    ]
    for (key, wrong), sentence in (known_wrong or {}).items():
        if any(key == at and same(value, wrong, tolerance) for at, value in items):
            raise CheckError(sentence)
    keys = [key for key, _ in items]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise CheckError(f"{what} gives {brief(min(repeated, key=str))} more than once; each should stand there once.")
    pairs = {key: value for key, value in items if value is not None}
    wanted = {plain(key): value for key, value in expected.items()}
    for key, value in pairs.items():
        if as_number(value) is None:
            raise CheckError(f"{what} should give numbers, found {shown(value)} for {brief(key)}.")
    _same_keys(pairs, wanted, what, lacking)
    for key, value in wanted.items():
        if not same(pairs[key], value, tolerance):
            raise CheckError(f"{what} should give {brief(value)} for {brief(key)}, found {brief(pairs[key])}.")


def sequence(
    found: Any,
    expected: Sequence,
    what: str,
    ordered: bool = True,
    tolerance: float = 0.0,
    known_wrong: Mapping[tuple | None, str] | None = None,
) -> None:
    """Pass when `found` holds the values of `expected`: list, tuple, array, Series, Index, or a set where order is free.

    Args:
        ordered: whether the order counts.
        known_wrong: the values of a wrong answer, as a tuple, or None, to its sentence.

    Raises:
        CheckError: it is no sequence, of another length, or holds other values.
    """
    sentences = dict(known_wrong or {})
    given(found, what, f"{len(expected)} values", sentences.pop(None, None))
    if isinstance(found, pd.DataFrame) and 1 in found.shape:
        found = np.ravel(found.to_numpy(dtype=object))
    if ordered and isinstance(found, Mapping):
        found = found.values()  # such as {"before": 2, "after": 1}
    if isinstance(found, str | bytes | Mapping | pd.DataFrame) or not isinstance(found, Iterable):
        raise CheckError(f"{what} should be {len(expected)} values in a row, such as a list, found {shown(found)}.")
    if ordered and isinstance(found, set | frozenset):
        raise CheckError(f"{what} gave a set, which has no order; the order counts here. Give a list or a tuple.")
    values = list(found)
    if inner := [value for value in values if isinstance(value, pd.DataFrame | pd.Series | list)]:
        raise CheckError(
            f"{what} holds a {type(inner[0]).__name__} where one value was expected. `len(…)` gives its number of rows."
        )
    values, wanted = [plain(value) for value in values], [plain(value) for value in expected]
    if _equal(values, wanted, ordered, tolerance):
        return
    for wrong, sentence in sentences.items():
        if _equal(values, [plain(value) for value in wrong], ordered, tolerance):
            raise CheckError(sentence)
    if texts := [
        value
        for value in values
        if isinstance(value, str) and any(str(w) == value for w in wanted if not isinstance(w, str | datetime.date))
    ]:
        raise CheckError(f"{what} gave the text {texts[0]!r} where a number was expected.")
    if any(isinstance(value, bool) for value in values) and all(as_number(value) is not None for value in wanted):
        raise CheckError(f"{what} gave True or False where a number was expected: `.sum()` counts the Trues.")
    if len(values) != len(wanted):
        raise CheckError(f"{what} should hold {len(wanted)} values, found {len(values)}: {shown(values)}.")
    if ordered and _equal(values, wanted, False, tolerance):
        raise CheckError(f"{what} holds the right values in another order, {shown(values)}. The item names the order.")
    shows = f"{', '.join(map(brief, wanted))}, found {', '.join(map(brief, values))}"
    raise CheckError(f"{what} should be {shows}{'' if ordered else ', in any order'}.")


def _equal(values: list, wanted: list, ordered: bool, tolerance: float) -> bool:
    if len(values) != len(wanted):
        return False
    if ordered:
        return all(same(value, other, tolerance) for value, other in zip(values, wanted, strict=True))
    left = list(values)
    for other in wanted:
        match = next((n for n, value in enumerate(left) if same(value, other, tolerance)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def table(
    found: Any,
    expected: pd.DataFrame,
    what: str,
    key: str,
    tolerance: float = 0.0,
    known_wrong: Mapping[tuple[Hashable, str, Any], str] | None = None,
    lacking: str = "",
) -> None:
    """Pass when `found` has the rows and columns of `expected`, in any order; the key as a column or as the index.

    A list of dictionaries and a dictionary of lists are tables too. Further columns do not count.

    Args:
        expected: the table, `key` among its columns.
        key: name of the column that says which row is which.
        known_wrong: (key's value, column, value) to the sentence for finding that there.
        lacking: what to look at when a row is missing.

    Raises:
        CheckError: it is no table, lacks a column, has a row too many or too few, or a cell differs.
    """
    columns = [str(column) for column in expected.columns if column != key]
    given(found, what, "a table")
    if isinstance(found, list | dict | np.ndarray):
        try:
            rows_by_key = isinstance(found, dict) and found and all(isinstance(row, Mapping) for row in found.values())
            found = pd.DataFrame.from_dict(found, orient="index") if rows_by_key else pd.DataFrame(found)
        except (TypeError, ValueError):
            raise CheckError(f"{what} should be a table, found {shown(found)}.") from None
    if isinstance(found, pd.Series):
        raise CheckError(f"{what} gave a single column. The item asks for {', '.join(columns)}: `pd.DataFrame({{…}})`.")
    if not isinstance(found, pd.DataFrame):
        raise CheckError(f"{what} should be a table, found {shown(found)}.")
    if isinstance(found.columns, pd.MultiIndex):
        raise CheckError(
            f"{what} has column names of several levels, such as {found.columns[0]}. Name each column with one word."
        )
    rows = found.reset_index() if key not in found.columns else found
    if key not in rows.columns and found.index.nlevels == 1 and set(columns) <= set(map(str, found.columns)):
        rows = found.rename_axis(key).reset_index()  # an index without a name can only be the key
    if absent := [column for column in (key, *columns) if column not in rows.columns]:
        raise CheckError(
            f"{what} has no column `{absent[0]}`; it has: {', '.join(map(str, found.columns))}. Column names count."
        )
    if doubled := [column for column in (key, *columns) if list(rows.columns).count(column) > 1]:
        raise CheckError(f"{what} has more than one column `{doubled[0]}`; each should stand there once.")
    wanted = {plain(row[key]): row for row in _records(expected, [key, *columns])}
    keys = [_like(plain(value), wanted) for value in rows[key]]
    if repeated := {value for value in keys if keys.count(value) > 1}:
        raise CheckError(
            f"{what} has more than one row for {brief(min(repeated, key=str))}; each should stand there once."
        )
    cells = dict(zip(keys, _records(rows, [key, *columns]), strict=True))
    for (row, column, wrong), sentence in (known_wrong or {}).items():
        if row in cells and same(plain(cells[row][column]), plain(wrong), tolerance):
            raise CheckError(sentence)
    _same_keys(cells, wanted, what, lacking)
    for row, values in wanted.items():
        for column in columns:
            value, right = plain(cells[row][column]), plain(values[column])
            if not same(value, right, tolerance):
                raise CheckError(
                    f"{what} should have {brief(right)} in the column `{column}` for {brief(row)}, found {brief(value)}."
                )


def _records(rows: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    """Return each row of some columns as a dictionary; pandas' own way there takes longer than the checks."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*(rows[column] for column in columns), strict=True)]


def _pairs(found: Any, expected: Iterable[Hashable], what: str, kind: str) -> Mapping | pd.Series:
    """Return the learner's pairs of key and value as a mapping or a Series: a table of few columns or of one row is one too.

    Raises:
        CheckError: they are no pairs.
    """
    if isinstance(found, pd.DataFrame) and found.empty:
        return {}  # a pivot of no rows has no columns either
    if isinstance(found, pd.DataFrame) and len(found) == 1 and set(map(plain, found.columns)) & set(expected):
        return found.iloc[0]
    if isinstance(found, pd.DataFrame) and found.shape[1] == 1:
        return found.iloc[:, 0]
    if isinstance(found, pd.DataFrame) and found.shape[1] == 2:
        return found.set_index(found.columns[0]).iloc[:, 0]
    if isinstance(found, pd.DataFrame):
        raise CheckError(
            f"{what} gave a table of {found.shape[1]} columns; it should be {kind}: one value for each key."
        )
    if isinstance(found, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in found):
        return pd.Series([pair[1] for pair in found], index=[pair[0] for pair in found], dtype=object)
    if not isinstance(found, Mapping | pd.Series):
        raise CheckError(f"{what} should be {kind}, found {shown(found)}.")
    return found


def _like(key: Hashable, expected: Iterable[Hashable]) -> Hashable:
    """Return the year of a day or a yearly period, where the expected keys are whole numbers."""
    if isinstance(key, datetime.date | pd.Period) and all(isinstance(plain(other), int) for other in expected):
        return key.year
    return key


def _same_keys(found: Mapping, expected: Mapping, what: str, sentence: str) -> None:
    surplus, absent = set(found) - set(expected), set(expected) - set(found)
    if texts := [key for key in surplus if isinstance(key, str) and key in {str(other) for other in absent}]:
        raise CheckError(f"{what} has {min(texts)!r} as a text where a number was expected.")
    if absent:
        has = ", ".join(map(brief, sorted(found, key=str)[:8])) or "none"
        raise CheckError(f"{what} lacks {brief(min(absent, key=str))}; it has {has}. {sentence}".rstrip())
    if surplus:
        raise CheckError(f"{what} has {brief(min(surplus, key=str))}, which does not belong there.")
