"""What crosses from a student's process to the checker arrives as the very value that it was."""

import contextlib
import datetime as dt
import json
from collections import Counter, OrderedDict
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealed_grading.codec import CodecError, Malformed, decode, encode


def through(value):
    return decode(json.loads(json.dumps(encode(value))))


def same(one, other) -> bool:
    """Tell whether two values are alike in type and content; NaN is like NaN, and 1 is neither True nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_index_type="exact", check_column_type="exact")
        return True
    if isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True, check_index_type="exact")
        return True
    if isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, other, exact=True, check_exact=True)
        return getattr(one, "freq", None) == getattr(other, "freq", None)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and same(one.tolist(), other.tolist())
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
moments = st.dates() | st.datetimes() | st.times() | st.timedeltas()
keys = st.text() | st.integers() | st.booleans() | st.dates()
values = st.recursive(
    plain | moments,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner),
    max_leaves=12,
)


@settings(deadline=None, max_examples=200)
@given(values)
def test_plain_values_arrive_as_they_were(value):
    assert same(value, through(value))


DTYPES = [
    "int8",
    "uint64",
    "int64",
    "float32",
    "float64",
    "bool",
    "complex128",
    "M8[ns]",
    "M8[s]",
    "m8[us]",
    "<U3",
    "S2",
]


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(DTYPES), st.lists(st.integers(0, 100), max_size=6), st.booleans())
def test_arrays_arrive_as_they_were(dtype, numbers, square):
    array = np.array(numbers, dtype="int64").astype(dtype)
    if square:
        array = np.stack([array, array])
    assert same(array, through(array))
    for scalar in array.ravel()[:1]:
        assert same(scalar, through(scalar))


COLUMNS = {
    "int64": lambda n: pd.array(range(n), dtype="int64"),
    "float64": lambda n: pd.array([np.nan if i % 2 else i / 3 for i in range(n)], dtype="float64"),
    "object": lambda n: np.array([None if i % 2 else (i, "x") for i in range(n)] + [None], dtype=object)[:n],
    "str": lambda n: pd.array([None if i % 2 else f"ü{i}" for i in range(n)], dtype="str"),
    "string": lambda n: pd.array([None if i % 2 else f"ü{i}" for i in range(n)], dtype="string"),
    "Int64": lambda n: pd.array([None if i % 2 else i for i in range(n)], dtype="Int64"),
    "Float32": lambda n: pd.array([None if i % 2 else i / 3 for i in range(n)], dtype="Float32"),
    "boolean": lambda n: pd.array([None if i % 3 else True for i in range(n)], dtype="boolean"),
    "dates": lambda n: pd.date_range("2020-01-31", periods=n, unit="s").array,
    "zoned": lambda n: pd.date_range("2020-03-29", periods=n, freq="h", tz="Europe/Berlin").array,
    "utc": lambda n: pd.date_range("2020-03-29", periods=n, freq="h", tz="UTC").array,
    "lengths": lambda n: pd.to_timedelta(range(n), unit="h").array,
    "category": lambda n: pd.Categorical([f"c{i % 3}" for i in range(n)], categories=["c2", "c1", "c0"], ordered=True),
    "periods": lambda n: pd.period_range("2020-01", periods=n, freq="M").array,
    "intervals": lambda n: pd.interval_range(0, n, periods=n).array if n else pd.arrays.IntervalArray([]),
}
INDEXES = {
    "range": lambda n: pd.RangeIndex(3, 3 + 2 * n, 2, name="r"),
    "plain": lambda n: pd.Index(list(range(n)), dtype="int64"),
    "text": lambda n: pd.Index([f"k{i}" for i in range(n)], name=("a", 1)),
    "daily": lambda n: pd.date_range("2020-01-01", periods=n, freq="D", name="day"),
    "category": lambda n: pd.CategoricalIndex([f"c{i % 2}" for i in range(n)]),
    "several": lambda n: pd.MultiIndex.from_arrays(
        [list(range(n)), [f"x{i % 2}" for i in range(n)]], names=["a", None]
    ),
}


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(COLUMNS)), st.sampled_from(sorted(INDEXES)), st.integers(0, 6))
def test_series_arrive_as_they_were(column, index, length):
    values = COLUMNS[column](length)
    series = pd.Series(values, index=INDEXES[index](length), name="n", dtype=values.dtype)
    assert same(series, through(series))
    assert same(series.index, through(series.index))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(COLUMNS)), max_size=4), st.sampled_from(sorted(INDEXES)), st.integers(0, 5))
def test_frames_arrive_as_they_were(columns, index, length):
    made = {number: pd.Series(COLUMNS[name](length)) for number, name in enumerate(columns)}
    frame = pd.DataFrame(made, index=pd.RangeIndex(length))
    frame.index = INDEXES[index](length)
    frame.columns = pd.Index(columns, dtype="str")  # names that stand there twice as well
    assert same(frame, through(frame))
    assert same({"a": [frame]}, through({"a": [frame]}))


@pytest.mark.parametrize(
    "value",
    [
        Counter("abca"),
        OrderedDict(b=1, a=2),
        Decimal("1.20"),
        {1, 2, 3},
        frozenset({"x"}),
        range(1, 9, 3),
        {"a": 1}.items(),
        pd.NaT,
        pd.NA,
        pd.Timestamp("2020-03-29 02:30", tz="Europe/London"),
        pd.Timedelta("1 days 3h"),
        pd.Period("2020Q1"),
        pd.Interval(0, 1, closed="left"),
        dt.datetime(2020, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=9))),
        np.float64("nan"),
        1 << 5000,
        "\ud800",
    ],
)
def test_other_values_arrive_as_they_were(value):
    assert same(value, through(value)) if not hasattr(value, "mapping") else list(value) == list(through(value))


class Everything(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Everything(), "of type Everything"),
        ([Everything()], "of type Everything"),
        ((n for n in "ab"), "list"),
        (object(), "of type object"),
    ],
)
def test_what_cannot_cross_gives_a_sentence(value, words):
    with pytest.raises(CodecError, match=words):
        encode(value)


@settings(deadline=None, max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["t", "v", "d", "s", "i", "n", "c", "u", "z", "q"]),
                inner
                | st.sampled_from(
                    [
                        "array",
                        "objects",
                        "Series",
                        "DataFrame",
                        "Index",
                        "zoned",
                        "masked",
                        "strings",
                        "int",
                        "tuple",
                        "<f8",
                    ]
                ),
            )
        ),
        max_leaves=10,
    )
)
def test_a_forged_message_is_a_plain_value_or_refused(message):
    with contextlib.suppress(Malformed):
        decode(message)


def test_what_stands_in_two_places_does_so_there_and_no_few_lists_stand_for_endless_ones():
    row = [1]
    first, second, inside = decode(encode([row, row, {"row": row}]))
    first.append(2)
    assert second == inside["row"] == [1, 2]
    for _ in range(38):
        row = [row, row]
    with pytest.raises(Malformed):
        decode(encode(row))
