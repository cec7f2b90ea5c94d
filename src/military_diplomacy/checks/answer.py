"""A learner's answer: how it is got, how it is shown, and what it is when all that is only form is taken off."""

import contextlib
import copy
import datetime
import math
import re
import sys
import traceback
import warnings
from collections.abc import Callable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

LONGEST = 200  # characters of a found value that a message repeats

REMEDIES = {  # errors that beginners meet, to what they can do about them
    "'r(and|or)_'|truth value of a (Series|DataFrame)|for [&|]:": "Put each condition in round brackets, with `&` or `|` between.",
    "identically-labeled": "`.iloc[0]` takes the one value out of a column.",
    "integer-arrays with|'datetime.date' and 'int'": "Write a number of days as `pd.Timedelta(days=…)`.",
    r"takes \d+ positional|expected broken": "Hand over by name what the item shows with `=`.",
    "out-of-bounds|empty (sequence|iterable)": "Nothing was left to take from: look at what the filter keeps.",
    "^TimeoutError": "Does a loop run for ever? Something in it must change what its condition asks about.",
    "^KeyError": "No column and no key has this name: names count to the letter.",
}


class CheckError(AssertionError):
    """An answer is not right yet. Jupyter shows the message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Not yet: {self}"]


def call(function: Callable, *arguments: Any) -> Any:
    """Return what the learner's `function` gives for copies of `arguments`, so that it cannot change the originals. The grader's
    stand-in for a function, which runs in another process, takes copies by itself and says so.

    Its warnings are not shown: nbgrader takes any word on stderr for a wrong answer.

    Raises:
        CheckError: it is no function, is still unwritten, or fails; the message says which and how.
    """
    if not callable(function):
        raise CheckError(f"expected a function here, found {shown(function)}. Keep the line that begins with `def`.")
    name = getattr(function, "__name__", "your function")
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(sys.stdout):
            warnings.simplefilter("ignore")
            sent = arguments if getattr(function, "takes_copies", False) else copy.deepcopy(arguments)
            return function(*sent)
    except NotImplementedError:
        raise CheckError(
            f"{name} is not written yet. Replace the line `raise NotImplementedError()` with your own lines."
        ) from None
    except TimeoutError as error:  # from the grader, which waits for so long and no longer
        raise CheckError(f"{error}. Does every loop in it end?") from None
    except (Exception, SystemExit) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name == name]
        noted = "".join(f" {note}" for note in getattr(error, "__notes__", ()))  # by the grader
        line = f" in the line `{frames[-1].line}`" if frames and frames[-1].line else noted
        words = f"{type(error).__name__}: {error}"
        if str(error).startswith(f"{name}()"):
            remedy = f". Keep the names in the brackets after `def {name}` as they were."
        else:
            remedy = "".join(f". {remedy}" for known, remedy in REMEDIES.items() if re.search(known, words))
        raise CheckError(f"{name} stopped with {words}{line}{remedy}") from error


def given(found: Any, what: str, expected: str = "an answer", sentence: str | None = None) -> Any:
    """Return `found`. `sentence`: what to say where it is nothing, instead of the usual.

    Raises:
        CheckError: it is None, as after a function without `return`.
    """
    if found is None:
        raise CheckError(
            sentence
            or f"{what} gave nothing; expected: {expected}. Does the function end with `return`, also where a filter leaves no row or "
            "a loop runs out?"
        )
    return found


def alone(found: Any) -> Any:
    """Return the one value in a Series, Index, array, list or tuple of one; anything else as it is."""
    if isinstance(found, pd.DataFrame) and found.shape == (1, 1):
        return found.iloc[0, 0]
    if isinstance(found, pd.Series | pd.Index | pd.api.extensions.ExtensionArray) and len(found) == 1:
        return found.iloc[0] if isinstance(found, pd.Series) else found[0]
    if isinstance(found, np.ndarray) and found.size == 1:
        return np.ravel(found)[0]
    if isinstance(found, list | tuple) and len(found) == 1:
        return found[0]
    return found


def as_number(value: Any) -> float | int | None:
    """Return `value` as int when it is whole, else as float; None when it is no finite number. True is no number."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real | np.number | Decimal):
        return None
    if isinstance(value, complex | np.complexfloating) or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def as_day(value: Any) -> datetime.date | None:
    """Return the day that `value` means: date, Timestamp, datetime64, a day's Period, or text that leaves no doubt."""
    if isinstance(value, str):
        numeric = value.strip()[:10].replace("-", "").isdigit()
        if numeric and not (value.strip()[4:5] == "-" and value.strip()[7:8] == "-"):
            return None  # 1/11/2018 and 11/1/2018 are the same day to different readers
        if not numeric and not any(character.isalpha() for character in value):
            return None
        value = pd.to_datetime(value.strip(), errors="coerce")
    if isinstance(value, pd.Period):
        value = value.start_time if value.freqstr == "D" else None
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, datetime.datetime):  # a Timestamp is one
        return value.date()
    return value if isinstance(value, datetime.date) else None


def plain(value: Any) -> Any:
    """Return `value` as comparisons see it: a whole number as int, a day as date, a missing value as None."""
    if isinstance(value, tuple):
        return plain(value[0]) if len(value) == 1 else tuple(map(plain, value))
    if (number := as_number(value)) is not None:
        return number
    if isinstance(value, np.bool_):
        return bool(value)
    if not isinstance(value, str) and (day := as_day(value)) is not None:
        return day
    if isinstance(value, pd.Interval | pd.Period):
        return value
    return None if np.ndim(value) == 0 and missing(value) else value


def missing(value: Any) -> bool:
    """Tell whether a single value is None, NaN, NaT or NA."""
    try:
        return value is None or bool(pd.isna(value))
    except (TypeError, ValueError):
        return False


def same(found: Any, expected: Any, tolerance: float = 0) -> bool:
    """Tell whether two plain values are equal, numbers within `tolerance`, a day and its ISO text alike."""
    if isinstance(found, int | float) and isinstance(expected, int | float):
        if isinstance(found, bool) != isinstance(expected, bool):
            return False
        return found == expected or abs(found - expected) <= tolerance * (1 + 1e-9)
    if isinstance(expected, datetime.date):
        return as_day(found) == expected
    alike = type(found) is type(expected) or (isinstance(found, str) and isinstance(expected, str))
    return alike and bool(found == expected)


def shown(value: Any) -> str:
    """Return `value` as a message repeats it: short, with its type."""
    text = repr(value)
    short = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return f"{short} ({type(value).__name__})"


def brief(value: Any) -> str:
    """Return a plain value as a message names it: a day as 2018-09-19, a number without needless digits."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6g}"
    return "nothing" if value is None else repr(value)
