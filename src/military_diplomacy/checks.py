"""What the visible checks of the exercises call: compare an answer, and say what to look at.

A check accepts every reasonable form of a right answer and raises `CheckError` otherwise. Its message names what was
expected, what was found and where to look. Comparisons are of content; a learner's source is never read.
"""

import math
import traceback
from collections.abc import Callable, Hashable, Mapping
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

LONGEST = 200  # characters of a found value that a message repeats


class CheckError(AssertionError):
    """An answer is not right yet. Jupyter shows the message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


def call(function: Callable, *arguments: Any) -> Any:
    """Return what the learner's `function` gives for `arguments`.

    Raises:
        CheckError: it is no function, is still unwritten, or fails; the message says which and how.
    """
    if not callable(function):
        raise CheckError(f"expected a function here, found {_shown(function)}. Keep the line that begins with `def`.")
    name = getattr(function, "__name__", "your function")
    try:
        return function(*arguments)
    except NotImplementedError:
        raise CheckError(
            f"{name} is not written yet. Replace the line `raise NotImplementedError()` with your own lines."
        ) from None
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name == name]
        line = f" in the line `{frames[-1].line}`" if frames and frames[-1].line else ""
        raise CheckError(f"{name} stopped with {type(error).__name__}: {error}{line}") from error


def counts(
    found: Any,
    expected: Mapping[Hashable, int],
    what: str,
    known_wrong: Mapping[tuple, str] | None = None,
) -> None:
    """Pass when `found` counts the same things as `expected`: a dict, Counter or Series, in any order, zeros or not.

    Args:
        found: the learner's counts.
        expected: thing to number of occurrences.
        what: the expression that was tried, for the message.
        known_wrong: sorted pairs of a wrong answer that many give, to the sentence that sets it right.

    Raises:
        CheckError: it is no such collection, or a count differs.
    """
    if found is None:
        raise CheckError(f"{what} gave nothing. Does the function end with `return`?")
    if isinstance(found, pd.DataFrame) and found.empty:
        found = {}  # a pivot of no rows has no columns either
    if isinstance(found, pd.DataFrame) and found.shape[1] == 1:
        found = found.iloc[:, 0]
    if isinstance(found, pd.DataFrame) and found.shape[1] == 2:
        found = found.set_index(found.columns[0]).iloc[:, 0]
    if isinstance(found, pd.DataFrame):
        raise CheckError(f"{what} gave a table of {found.shape[1]} columns. Count one column, for example `kind`.")
    if not isinstance(found, Mapping | pd.Series):
        raise CheckError(f"{what} should be a dictionary or a Series of counts, found {_shown(found)}.")
    pairs = {_key(key): _number(value) for key, value in found.items()}
    if any(isinstance(key, tuple) for key in pairs):
        raise CheckError(f"{what} counts by more than one thing: {_shown(next(iter(pairs)))}. Count by the kind alone.")
    if (
        isinstance(found, pd.Series)
        and len(found)
        and math.isclose(pd.to_numeric(found, errors="coerce").sum(), 1)
        and sum(expected.values()) != 1
    ):
        raise CheckError(f"{what} gave shares that add up to 1; the item asks for numbers of events.")
    if strange := {key: value for key, value in found.items() if _number(value) is None}:
        raise CheckError(f"{what} should hold whole numbers, found {_shown(strange)}.")
    pairs = {key: number for key, number in pairs.items() if number}
    wanted = {key: number for key, number in expected.items() if number}
    if pairs == wanted:
        return
    if sentence := (known_wrong or {}).get(tuple(sorted(pairs.items(), key=str))):
        raise CheckError(sentence)
    for key in sorted(set(pairs) | set(wanted), key=str):
        if pairs.get(key, 0) != wanted.get(key, 0):
            raise CheckError(
                f"{what} should count {wanted.get(key, 0)} × {key!r}, found {pairs.get(key, 0)}. Look at the rows of that "
                'kind: which of them should count? (A year compares as a number: 2018, not "2018".)'
            )


def whole_number(found: Any, expected: int, what: str, known_wrong: Mapping[int, str] | None = None) -> None:
    """Pass when `found` is the whole number `expected`, as int, NumPy integer or a float without a fraction.

    Raises:
        CheckError: it is of another kind, or another number; `known_wrong` gives the sentence for a common one.
    """
    if found is None:
        raise CheckError(
            f"{what} gave nothing where {expected} was expected. Does the function end with `return`, or did a filter "
            "leave no row?"
        )
    if isinstance(found, pd.Series | pd.Index | np.ndarray) and np.size(found) == 1:
        found = np.ravel(found)[0]
    if isinstance(found, np.timedelta64):
        raise CheckError(f"{what} gave a length of time, {found}. The item asks for a number: `pd.Timedelta(…).days`.")
    if hasattr(found, "total_seconds"):
        raise CheckError(f"{what} gave a length of time, {found}. The item asks for a number: its `.days`.")
    if isinstance(found, str):
        raise CheckError(f"{what} gave the text {_shown(found)}; the item asks for a number.")
    number = _number(found)
    if number is None:
        raise CheckError(f"{what} should be one whole number, found {_shown(found)}.")
    if number == expected:
        return
    if sentence := (known_wrong or {}).get(number):
        raise CheckError(sentence)
    raise CheckError(f"{what} should be {expected}, found {number}.")


def nothing(found: Any, what: str) -> None:
    """Pass when `found` is missing: None, NaN or NaT.

    Raises:
        CheckError: there is a value.
    """
    if found is None or (np.ndim(found) == 0 and pd.isna(found)):
        return
    raise CheckError(f"{what} should be None, found {_shown(found)}.")


def _key(key: Hashable) -> Hashable:
    """Return a key of a Series as what the learner means: the one part of an index of one level."""
    return key[0] if isinstance(key, tuple) and len(key) == 1 else key


def _number(value: Any) -> int | None:
    """Return `value` as an int when it is a whole number, else None. True and False are no numbers here."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | np.number):
        return None
    return int(value) if math.isfinite(value) and value == int(value) else None


def _shown(value: Any) -> str:
    text = repr(value)
    short = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return f"{short} ({type(value).__name__})"
