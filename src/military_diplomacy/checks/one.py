"""Checks of one value: a number, a day, nothing at all, a choice among options."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from .answer import CheckError, alone, as_day, as_number, brief, given, missing, same, shown


def number(
    found: Any,
    expected: float,
    what: str,
    tolerance: float = 0.0,
    known_wrong: Mapping[float, str] | None = None,
) -> None:
    """Pass when `found` is a number within `tolerance` (absolute, in the number's own unit) of `expected`.

    Any kind of real number will do, alone or in a Series, array or list of one.

    Raises:
        CheckError: it is of another kind, such as a text or a length of time, or another number.
    """
    value = _one_number(found, what, f"the number {brief(expected)}", "one number")
    if same(value, expected, tolerance):
        return
    for wrong, sentence in (known_wrong or {}).items():
        if same(value, wrong, tolerance):
            raise CheckError(sentence)
    within = f" (within {tolerance:g})" if tolerance else ""
    raise CheckError(f"{what} should be {brief(expected)}{within}, found {brief(value)}.")


def whole_number(found: Any, expected: int, what: str, known_wrong: Mapping[int, str] | None = None) -> None:
    """Pass when `found` is the whole number `expected`, as int, NumPy integer or a float without a fraction.

    Raises:
        CheckError: it is of another kind, or another number.
    """
    value = _one_number(found, what, str(expected), "one whole number")
    if not isinstance(value, int):
        raise CheckError(f"{what} should be one whole number, found {shown(found)}.")
    number(value, expected, what, known_wrong=known_wrong)


def _one_number(found: Any, what: str, expected: str, kind: str) -> float | int:
    found = alone(given(found, what, expected))
    if isinstance(found, np.timedelta64):
        raise CheckError(f"{what} gave a length of time, {found}. The item asks for a number: `pd.Timedelta(…).days`.")
    if hasattr(found, "total_seconds"):
        raise CheckError(f"{what} gave a length of time, {found}. The item asks for a number: its `.days`.")
    if isinstance(found, str):
        raise CheckError(f"{what} gave the text {shown(found)}; the item asks for a number.")
    if day := as_day(found):
        raise CheckError(f"{what} gave a day, {day}; the item asks for a number. One day minus another has `.days`.")
    value = as_number(found)
    if value is None:
        raise CheckError(f"{what} should be {kind}, found {shown(found)}.")
    return value


def nothing(found: Any, what: str, otherwise: str = "") -> None:
    """Pass when `found` is missing: None, NaN or NaT, also where each of several values is.

    Args:
        otherwise: why there is nothing, for who finds something.

    Raises:
        CheckError: there is a value.
    """
    if isinstance(found, list | tuple | np.ndarray | pd.Series | pd.Index):
        parts = list(found)
        if parts and all(missing(part) for part in parts):
            return
    elif missing(found):
        return
    raise CheckError(f"{what} should be None, found {shown(found)}. {otherwise}".rstrip())


def date(found: Any, expected: str | datetime.date, what: str, known_wrong: Mapping[str, str] | None = None) -> None:
    """Pass when `found` is the day `expected`: date, Timestamp, datetime64, ISO text or a text with the month's name.

    Args:
        known_wrong: ISO day to the sentence for it.

    Raises:
        CheckError: it is another day, no day, or a text that could mean two days.
    """
    wanted = as_day(expected)
    found = alone(given(found, what, f"the day {wanted}"))
    day = as_day(found)
    if day is None:
        raise CheckError(f"{what} should be a day such as 2018-09-19, found {shown(found)}. Write year, month, day.")
    if day == wanted:
        return
    for wrong, sentence in (known_wrong or {}).items():
        if day == as_day(wrong):
            raise CheckError(sentence)
    raise CheckError(f"{what} should be {wanted}, found {day}.")


def choice(
    found: Any,
    expected: str,
    what: str,
    known_wrong: Mapping[str, str] | None = None,
    options: Collection[str] = (),
) -> None:
    """Pass when `found` is the option `expected`; case and space around it do not count.

    Without a `known_wrong` for it, the message does not tell which option is right.

    Raises:
        CheckError: it is none of `options` (where they are given), or another one.
    """
    value = alone(given(found, what, "one of the options"))
    if not isinstance(value, str):
        raise CheckError(f"{what} should be one option as text, found {shown(found)}.")
    _among({_option(value)}, options, what)
    if _option(value) != _option(expected):
        sentences = {_option(option): sentence for option, sentence in (known_wrong or {}).items()}
        raise CheckError(sentences.get(_option(value), f"{what}: {value!r} does not hold. Read the row again."))


def choices(
    found: Any,
    expected: Iterable[str],
    what: str,
    known_wrong: Mapping[str, str] | None = None,
    options: Collection[str] = (),
) -> None:
    """Pass when `found` holds exactly the options `expected`, in any order and any collection.

    Args:
        known_wrong: an option that does not hold to the sentence for choosing it, and one that holds to that for leaving it out.

    Raises:
        CheckError: it holds something that is no option, one option too many or one too few.
    """
    given(found, what, "a choice of options")
    if isinstance(found, str):
        found = [found]
    if isinstance(found, Mapping) or not isinstance(found, Iterable):
        raise CheckError(f"{what} should be a list of options, found {shown(found)}.")
    listed = list(found)
    if strange := [value for value in listed if not isinstance(value, str)]:
        raise CheckError(f"{what} should hold options as texts, found {shown(strange[0])}.")
    chosen, wanted = set(map(_option, listed)), set(map(_option, expected))
    _among(chosen, options, what)
    sentences = {_option(option): sentence for option, sentence in (known_wrong or {}).items()}
    for option in sorted(chosen - wanted):
        raise CheckError(sentences.get(option, f"{what}: {option!r} does not hold."))
    for option in sorted(wanted - chosen):
        raise CheckError(sentences.get(option, f"{what}: what you chose holds; something that holds too is missing."))


def _option(text: str) -> str:
    return " ".join(text.split()).casefold()


def _among(chosen: set[str], options: Collection[str], what: str) -> None:
    if options and (strange := chosen - set(map(_option, options))):
        raise CheckError(f"{what}: {sorted(strange)[0]!r} is none of the options; there are: {', '.join(options)}.")
