"""Typed values as JSON and back: what crosses from the student's process to the checker.

`encode` runs beside the student's code and may lie; `decode` runs in the checker, trusts nothing and builds only plain
values of the types below, with the very dtypes, indexes and names that were there. Nothing is ever unpickled.
"""

import base64
import collections
import datetime as dt
import decimal
import enum
import fractions
import functools
import math
import pathlib
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

DEEPEST = 40
MOST = 1_000_000  # items of one list, rows of one table
LARGEST = 20 << 20  # bytes of one array; base64 makes them a third more, and a message has an end
NUMPY = re.compile(r"[<>|](b1|[iu][1248]|f[248]|c8|c16|[mM]8(\[(\d+)?(ns|us|ms|s|m|h|D|W|M|Y)\])?|U\d{1,6}|S\d{1,6})\Z")
MASKED = re.compile(r"(U?Int(8|16|32|64)|Float(32|64)|boolean)\Z")
SIZED = (list, tuple, set, frozenset, dict, range, pd.Index, pd.Series, pd.DataFrame)
SHARED = {list, dict, set, collections.OrderedDict, collections.Counter, collections.defaultdict, np.ndarray}
SHARED |= {pd.Series, pd.DataFrame}  # of which a value may hold one in several places
VIEWS = (type({}.keys()), type({}.values()), type({}.items()))
PLAIN = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class CodecError(TypeError):
    """A value that does not cross; the message says what and, where there is one, the way out."""


def encode(value: Any, depth: int = 0) -> Any:
    """Return `value` as JSON.

    Raises:
        CodecError: it is of a type that does not cross, or nested too deep.
    """
    global _met
    if depth > DEEPEST:
        raise CodecError(f"a value nested more than {DEEPEST} deep cannot be checked")
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if depth == 0:
        _met = {}
    if kind not in SHARED and kind.__module__ != "__main__":
        return _encode(value, kind, depth)
    if id(value) in _met:
        _, coded, number = _met[id(value)]
        if not coded and kind in SHARED:
            raise CodecError(f"a {kind.__name__} that holds itself cannot be checked")
        coded["r"] = number
        return {"t": "ref", "v": number}
    coded: dict = {}
    _met[id(value)] = value, coded, len(_met)
    coded.update(_encode(value, kind, depth))
    return coded


_met: dict[
    int, tuple[Any, dict, int]
] = {}  # what the running `encode` has met, by `id`: the value, its JSON, its number


def _encode(value: Any, kind: type, depth: int) -> Any:
    if kind is int:
        return value if -(1 << 62) < value < 1 << 62 else {"t": "int", "v": hex(value)}
    if kind is float:
        return {"t": "float", "v": value.hex()}
    inner = depth + 1
    if isinstance(value, SIZED) and len(value) > MOST:
        raise CodecError(f"a {kind.__name__} of {len(value)} items is too large to be checked")
    if kind.__name__ in PLAIN and kind is PLAIN[kind.__name__]:
        return {"t": kind.__name__, "v": [encode(item, inner) for item in value]}
    if kind is collections.defaultdict:
        pairs = [[encode(key, inner), encode(item, inner)] for key, item in value.items()]
        default = [encode(value.default_factory(), inner)] if value.default_factory else []
        return {"t": "defaultdict", "v": pairs, "d": default}
    if isinstance(value, dict):
        name = kind.__name__ if kind in (collections.Counter, collections.OrderedDict) else "dict"
        return {"t": name, "v": [[encode(key, inner), encode(item, inner)] for key, item in dict.items(value)]}
    for encoder in (_encode_scalar, _encode_numpy, _encode_pandas, _encode_object):
        if (coded := encoder(value, kind, inner)) is not None:
            return coded
    if isinstance(value, tuple) and type(fields := getattr(kind, "_fields", None)) is tuple and fields:
        items = [encode(item, inner) for item in tuple.__iter__(value)]
        return {"t": "namedtuple", "n": kind.__name__, "f": list(fields), "v": items}
    if isinstance(value, tuple):
        return {"t": "tuple", "v": [encode(item, inner) for item in tuple.__iter__(value)]}
    if hasattr(value, "__next__") or kind in (map, zip, filter):
        raise CodecError(f"a {kind.__name__} cannot be checked; make a list of it with list(…)")
    raise CodecError(f"a value of type {kind.__name__} cannot be checked")


def _encode_object(value: Any, kind: type, depth: int) -> Any:
    """Return an object of one of the notebook's classes, which crosses where the instructor's cells have a class of that name."""
    if isinstance(value, np.random.Generator):
        return {"t": "Generator", "v": encode(value.bit_generator.state, depth)}
    if kind is random.Random:
        return {"t": "Random", "v": encode(value.getstate(), depth)}
    if kind.__module__ != "__main__" or isinstance(value, (tuple, BaseException)):
        return None
    if isinstance(value, enum.Enum):
        return {"t": "member", "n": kind.__name__, "v": value.name}
    if kind.__new__ is not object.__new__ or not hasattr(value, "__dict__"):
        return None
    return {"t": "object", "n": kind.__name__, "v": [[key, encode(item, depth)] for key, item in vars(value).items()]}


def _encode_scalar(value: Any, kind: type, depth: int) -> Any:
    if kind is complex:
        return {"t": "complex", "v": [value.real.hex(), value.imag.hex()]}
    if kind in (bytes, bytearray):
        return {"t": kind.__name__, "v": base64.b64encode(value).decode()}
    if kind is range:
        return {"t": "range", "v": [encode(part, depth) for part in (value.start, value.stop, value.step)]}
    if kind is slice:
        return {"t": "slice", "v": [encode(part, depth) for part in (value.start, value.stop, value.step)]}
    if kind in VIEWS:
        return {"t": kind.__name__, "v": [encode(item, depth) for item in value]}
    if kind is collections.deque:
        return {"t": "deque", "v": [encode(item, depth) for item in value], "m": value.maxlen}
    if isinstance(value, pathlib.PurePath):
        return {"t": "path", "v": str(value)}
    if isinstance(value, np.dtype) and value.kind in "biufcmMUSO":
        return {"t": "dtype", "v": value.str}
    if kind is decimal.Decimal or kind is fractions.Fraction:
        return {"t": kind.__name__, "v": str(value)}
    if value is pd.NaT or value is pd.NA:
        return {"t": "NaT" if value is pd.NaT else "NA"}
    if kind is pd.Timestamp:
        return {"t": "Timestamp", "v": int(value.asm8.view("i8")), "u": value.unit, "z": _zone(value.tz)}
    if kind is pd.Timedelta:
        return {"t": "Timedelta", "v": int(value.asm8.view("i8")), "u": value.unit}
    if kind is dt.date:
        return {"t": "date", "v": value.isoformat()}
    if kind in (dt.datetime, dt.time):
        naive = value.replace(tzinfo=None)
        return {"t": kind.__name__, "v": naive.isoformat(), "z": _zone(value.tzinfo), "f": value.fold}
    if kind is dt.timedelta:
        return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if kind is pd.Period:
        return {"t": "Period", "v": int(value.ordinal), "q": value.freqstr}
    if kind is pd.Interval:
        return {"t": "Interval", "v": [encode(value.left, depth), encode(value.right, depth)], "c": value.closed}
    return None


def _encode_numpy(value: Any, kind: type, depth: int) -> Any:
    if isinstance(value, np.generic):
        return {"t": "scalar", "v": _encode_numpy(np.asarray(value), np.ndarray, depth)}
    if kind is not np.ndarray:
        return None
    if value.nbytes > LARGEST:
        raise CodecError(f"an array of {value.nbytes >> 20} MiB is too large to be checked")
    shape = list(value.shape)
    if value.dtype == object:
        items = [encode(item, depth) for item in value.ravel().tolist()]
        return {"t": "objects", "v": items, "s": shape}
    if not NUMPY.match(value.dtype.str):
        raise CodecError(f"an array of dtype {value.dtype} cannot be checked")
    raw = np.ascontiguousarray(value).tobytes()
    return {"t": "array", "d": value.dtype.str, "s": shape, "v": base64.b64encode(raw).decode()}


def _encode_pandas(value: Any, kind: type, depth: int) -> Any:
    if isinstance(value, pd.Index):
        return _encode_index(value, kind, depth)
    if kind is pd.Series:
        return {
            "t": "Series",
            "n": encode(value.name, depth),
            "i": encode(value.index, depth),
            "v": _encode_column(value.array, depth),
        }
    if kind is pd.DataFrame:
        columns = [_encode_column(value.iloc[:, number].array, depth) for number in range(value.shape[1])]
        return {"t": "DataFrame", "c": encode(value.columns, depth), "i": encode(value.index, depth), "v": columns}
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return {"t": "column", "v": _encode_column(value, depth)}
    return None


def _encode_index(value: pd.Index, kind: type, depth: int) -> Any:
    if kind is pd.RangeIndex:
        return {"t": "RangeIndex", "v": [value.start, value.stop, value.step], "n": encode(value.name, depth)}
    if kind is pd.MultiIndex:
        levels = [encode(level, depth) for level in value.levels]
        codes = [np.asarray(code).tolist() for code in value.codes]
        return {"t": "MultiIndex", "l": levels, "v": codes, "n": [encode(name, depth) for name in value.names]}
    known = (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.CategoricalIndex, pd.IntervalIndex)
    if kind not in known:
        raise CodecError(f"an index of type {kind.__name__} cannot be checked")
    freq = value.freqstr if kind in (pd.DatetimeIndex, pd.TimedeltaIndex) and value.freq is not None else None
    return {"t": "Index", "v": _encode_column(value.array, depth), "n": encode(value.name, depth), "q": freq}


def _encode_column(values: Any, depth: int) -> Any:
    dtype = values.dtype
    if isinstance(dtype, pd.StringDtype):
        items = [None if pd.isna(item) else str(item) for item in values]
        return {"t": "strings", "v": items, "k": dtype.storage, "na": bool(dtype.na_value is pd.NA)}
    if isinstance(values, pd.arrays.NumpyExtensionArray):
        return _encode_numpy(values.to_numpy(), np.ndarray, depth)
    if MASKED.match(str(dtype)):
        missing = np.asarray(pd.isna(values))
        data = values.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        return {"t": "masked", "d": str(dtype), "v": encode(data, depth), "m": encode(missing, depth)}
    if isinstance(dtype, pd.DatetimeTZDtype):
        raw = encode(np.asarray(values.astype("i8")), depth)
        return {"t": "zoned", "v": raw, "u": dtype.unit, "z": _zone(dtype.tz)}
    if isinstance(dtype, np.dtype):  # dates and lengths of time without a zone
        return _encode_numpy(np.asarray(values), np.ndarray, depth)
    if isinstance(dtype, pd.CategoricalDtype):
        codes = encode(np.asarray(values.codes, "i8"), depth)
        return {"t": "categories", "v": codes, "c": encode(dtype.categories, depth), "o": bool(dtype.ordered)}
    if isinstance(dtype, pd.PeriodDtype):
        return {
            "t": "periods",
            "v": encode(np.asarray(values.asi8), depth),
            "q": str(dtype).removeprefix("period[").removesuffix("]"),
        }
    if isinstance(dtype, pd.IntervalDtype):
        ends = [encode(values.left, depth), encode(values.right, depth)]
        return {"t": "intervals", "v": ends, "c": dtype.closed}
    raise CodecError(f"a column of dtype {dtype} cannot be checked")


def _zone(zone: Any) -> Any:
    """Return a time zone as a name that pandas reads, or seconds east of UTC."""
    if zone is None:
        return None
    name = getattr(zone, "key", None) or str(zone)
    if zone is dt.UTC or name in ("UTC", "utc"):
        return "UTC"
    if isinstance(zone, dt.timezone):
        return zone.utcoffset(None).total_seconds()
    if isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_+\-/]{1,60}", name):
        return name
    raise CodecError(f"a time in the zone {name} cannot be checked")


# ---- in the checker ----


class Malformed(ValueError):
    """What arrived describes no value."""


def need(condition: bool) -> None:
    if not condition:
        raise Malformed("the value that came back is malformed")


class Reader:
    """Decodes what a value holds; `known` gives the instructor's classes by their names, `made` what may stand in several places.

    `sizes` holds how many parts the latter have, for a comparison goes through each as often as it stands there; under None those so far.
    """

    __slots__ = ("depth", "known", "made", "sizes")

    def __init__(self, known: Callable[[str], Any], made: dict[int, Any], sizes: dict[int | None, int], depth: int = 0):
        self.known, self.made, self.sizes, self.depth = known, made, sizes, depth

    def __call__(self, coded: Any) -> Any:
        return _decode(coded, self)


def decode(coded: Any, known: Callable[[str], Any] = lambda name: None) -> Any:
    """Return the value that `coded` describes; `known` gives the instructor's classes by their names.

    Raises:
        Malformed: it describes none.
    """
    try:
        return _decode(coded, Reader(known, {}, {None: 0}))
    except Malformed:
        raise
    except Exception as error:
        raise Malformed(f"the value that came back is malformed ({type(error).__name__})") from None


def _decode(coded: Any, reader: Reader) -> Any:
    need(reader.depth < 3 * DEEPEST)
    if coded is None or type(coded) in (bool, int, str):
        return coded
    need(type(coded) is dict and type(coded.get("t")) is str)
    sizes, before = reader.sizes, reader.sizes[None]
    if coded["t"] == "ref":
        sizes[None] += sizes.get(coded["v"], 1)
        need(sizes[None] <= MOST * 3)
        return reader.made[coded["v"]]
    sizes[None] += 1
    value = DECODERS[coded["t"]](coded, Reader(reader.known, reader.made, sizes, reader.depth + 1))
    if "r" in coded:
        reader.made[coded["r"]], sizes[coded["r"]] = value, sizes[None] - before
    return value


def _items(coded: dict, inner) -> list:
    need(type(coded["v"]) is list)
    return [inner(item) for item in coded["v"]]


def _steps(coded: dict, inner) -> range:
    steps = range(*_items(coded, inner))
    need(len(steps) <= MOST)  # a check that goes through it would never end
    return steps


def _shape(coded: dict) -> list[int]:
    need(type(coded["s"]) is list and len(coded["s"]) < 9 and all(type(n) is int and n >= 0 for n in coded["s"]))
    need(math.prod(max(n, 1) for n in coded["s"]) <= LARGEST)  # an empty array can still be of any length
    return coded["s"]


def _dtype(name: Any) -> str:
    need(type(name) is str and NUMPY.match(name) is not None)
    return name


def _array(coded: dict, _inner) -> np.ndarray:
    need(NUMPY.match(coded["d"]) is not None)
    return np.frombuffer(base64.b64decode(coded["v"]), dtype=coded["d"]).reshape(_shape(coded)).copy()


def _objects(coded: dict, inner) -> np.ndarray:
    items = _items(coded, inner)
    array = np.empty(len(items), object)
    for number, item in enumerate(items):
        array[number] = item
    return array.reshape(_shape(coded))


def _index(coded: dict, inner) -> pd.Index:
    values = inner(coded["v"])
    index = pd.Index(values, dtype=values.dtype, name=inner(coded["n"]))
    if coded["q"] is not None:
        need(type(coded["q"]) is str and len(coded["q"]) < 20)
        index = type(index)(index, freq=coded["q"], name=index.name)
    return index


def _series(coded: dict, inner) -> pd.Series:
    values = inner(coded["v"])
    return pd.Series(values, index=inner(coded["i"]), name=inner(coded["n"]), dtype=values.dtype)


def _frame(coded: dict, inner) -> pd.DataFrame:
    columns, index, values = inner(coded["c"]), inner(coded["i"]), _items(coded, inner)
    need(len(values) == len(columns) and all(len(value) == len(index) for value in values))
    made = {number: pd.Series(value, index=index, dtype=value.dtype) for number, value in enumerate(values)}
    frame = pd.DataFrame(made, index=index)
    frame.columns = columns
    return frame


def _multi(coded: dict, inner) -> pd.MultiIndex:
    levels = [inner(level) for level in coded["l"]]
    return pd.MultiIndex(levels=levels, codes=coded["v"], names=[inner(name) for name in coded["n"]])


def _strings(coded: dict, _inner) -> Any:
    items = coded["v"]
    need(type(items) is list and all(item is None or type(item) is str for item in items))
    need(coded["k"] in ("python", "pyarrow"))
    dtype = pd.StringDtype(coded["k"], na_value=pd.NA if coded["na"] else np.nan)
    return pd.array(items, dtype=dtype)


def _masked(coded: dict, inner) -> Any:
    need(MASKED.match(coded["d"]) is not None)
    data, missing = inner(coded["v"]), inner(coded["m"])
    made = pd.array(data, dtype=coded["d"])
    made[missing] = pd.NA
    return made


def _zoned(coded: dict, inner) -> Any:
    need(coded["u"] in ("s", "ms", "us", "ns"))
    moments = pd.DatetimeIndex(inner(coded["v"]).view(f"M8[{coded['u']}]"), tz="UTC")
    return moments.tz_convert(_tz(coded["z"])).array


def _tz(zone: Any) -> Any:
    if zone is None or (type(zone) is str and len(zone) <= 60):
        return dt.UTC if zone == "UTC" else zone
    need(type(zone) in (int, float) and abs(zone) < 86400)
    return dt.timezone(dt.timedelta(seconds=zone))


def _timestamp(coded: dict, _inner) -> pd.Timestamp:
    need(coded["u"] in ("s", "ms", "us", "ns") and type(coded["v"]) is int)
    moment = pd.Timestamp(np.datetime64(coded["v"], coded["u"]))
    return moment if coded["z"] is None else moment.tz_localize("UTC").tz_convert(_tz(coded["z"]))


def _timedelta(coded: dict, _inner) -> pd.Timedelta:
    need(coded["u"] in ("s", "ms", "us", "ns") and type(coded["v"]) is int)
    return pd.Timedelta(np.timedelta64(coded["v"], coded["u"]))


def _clock(kind: type):
    def build(coded: dict, _inner) -> Any:
        zone = _tz(coded["z"])
        if type(zone) is str:
            import zoneinfo

            zone = zoneinfo.ZoneInfo(zone)
        return kind.fromisoformat(coded["v"]).replace(tzinfo=zone, fold=1 if coded["f"] else 0)

    return build


def _scalar(coded: dict, inner) -> Any:
    array = inner(coded["v"])
    need(type(array) is np.ndarray and array.shape == ())
    return array[()]


def _pairs(kind: type):
    def build(coded: dict, inner) -> Any:
        need(type(coded["v"]) is list and all(type(pair) is list and len(pair) == 2 for pair in coded["v"]))
        made = kind()
        for key, item in coded["v"]:
            made[inner(key)] = inner(item)
        return made

    return build


class Default:
    """A default factory that gives a value anew each time, and can be handed on."""

    def __init__(self, coded: Any):
        self.coded = coded

    def __call__(self) -> Any:
        return decode(self.coded)


def generator(values: list) -> Iterator:
    """Yield what a generator had to give."""
    yield from values


def view(kind: str, items: list) -> Any:
    """Return a dictionary's keys, values or items."""
    if kind == "dict_items":
        return dict(items).items()
    return dict.fromkeys(items).keys() if kind == "dict_keys" else dict(enumerate(items)).values()


def _default(coded: dict, inner) -> collections.defaultdict:
    default = coded["d"]
    need(type(default) is list)
    made = collections.defaultdict(Default(default[0]) if default else None)
    made.update(_pairs(dict)(coded, inner))
    return made


@functools.lru_cache(100)
def _named_class(name: str, fields: tuple[str, ...]) -> type:
    return collections.namedtuple(name, fields, module=__name__, rename=True)  # such as a row of a table


def named_tuple(name: str, fields: tuple[str, ...], values: tuple) -> tuple:
    """Return a named tuple; its class is of this module, wherever the values came from."""
    return _named_class(name, fields)(*values)


def _named(coded: dict, inner) -> tuple:
    fields = coded["f"]
    need(type(coded["n"]) is str and len(coded["n"]) < 100 and type(fields) is list and len(fields) < 100)
    need(all(type(field) is str and len(field) < 100 for field in fields))
    kind, items = inner.known(coded["n"]), _items(coded, inner)
    if isinstance(kind, type) and issubclass(kind, tuple) and getattr(kind, "_fields", None) == tuple(fields):
        need(len(items) == len(fields))
        return tuple.__new__(kind, items)
    return named_tuple(coded["n"], tuple(fields), tuple(items))


def _class(coded: dict, inner) -> type:
    """Return the instructor's class of this name."""
    need(type(coded["n"]) is str)
    kind = inner.known(coded["n"])
    if not isinstance(kind, type) or kind.__module__ != "__main__":
        raise Malformed(f"a value of type {coded['n'][:100]} cannot be checked")
    return kind


def _object(coded: dict, inner) -> Any:
    made = object.__new__(_class(coded, inner))
    if "r" in coded:
        inner.made[coded["r"]] = made  # it may hold itself
    need(type(coded["v"]) is list)
    for key, item in coded["v"]:
        need(type(key) is str)
        made.__dict__[key] = inner(item)
    return made


def _member(coded: dict, inner) -> enum.Enum:
    kind = _class(coded, inner)
    need(issubclass(kind, enum.Enum) and type(coded["v"]) is str)
    return kind[coded["v"]]


def _generator(coded: dict, inner) -> np.random.Generator:
    state = inner(coded["v"])
    need(state["bit_generator"] == "PCG64")  # others read beyond their state's end where its place is a lie
    bits = np.random.PCG64()
    bits.state = state
    return np.random.Generator(bits)


def _random(coded: dict, inner) -> random.Random:
    made = random.Random()
    made.setstate(inner(coded["v"]))
    return made


DECODERS = {
    "int": lambda c, _: int(c["v"], 16),
    "float": lambda c, _: (
        np.nan if c["v"] == "nan" else float.fromhex(c["v"])
    ),  # lists hold the same where it is one object
    "complex": lambda c, _: complex(*map(float.fromhex, c["v"])),
    "bytes": lambda c, _: base64.b64decode(c["v"]),
    "bytearray": lambda c, _: bytearray(base64.b64decode(c["v"])),
    "range": _steps,
    "slice": lambda c, inner: slice(*_items(c, inner)),
    **{kind.__name__: (lambda c, inner, kind=kind: view(kind.__name__, _items(c, inner))) for kind in VIEWS},
    "Decimal": lambda c, _: decimal.Decimal(c["v"]),
    "Fraction": lambda c, _: fractions.Fraction(*map(int, c["v"].split("/"))),  # with an exponent it could be endless
    "deque": lambda c, inner: collections.deque(_items(c, inner), c["m"]),
    "path": lambda c, _: pathlib.Path(c["v"]),
    "dtype": lambda c, _: np.dtype("O" if c["v"] == "|O" else _dtype(c["v"])),
    "NaT": lambda c, _: pd.NaT,
    "NA": lambda c, _: pd.NA,
    "Timestamp": _timestamp,
    "Timedelta": _timedelta,
    "date": lambda c, _: dt.date.fromisoformat(c["v"]),
    "datetime": _clock(dt.datetime),
    "time": _clock(dt.time),
    "timedelta": lambda c, _: dt.timedelta(*c["v"]),
    "Period": lambda c, _: pd.Period(ordinal=c["v"], freq=c["q"]),
    "Interval": lambda c, inner: pd.Interval(*_items(c, inner), closed=c["c"]),
    "scalar": _scalar,
    "array": _array,
    "objects": _objects,
    "Series": _series,
    "DataFrame": _frame,
    "column": lambda c, inner: inner(c["v"]),
    "Index": _index,
    "defaultdict": _default,
    "namedtuple": _named,
    "object": _object,
    "member": _member,
    "Generator": _generator,
    "Random": _random,
    "RangeIndex": lambda c, inner: pd.RangeIndex(_steps(c, inner), name=inner(c["n"])),
    "MultiIndex": _multi,
    "strings": _strings,
    "masked": _masked,
    "zoned": _zoned,
    "categories": lambda c, inner: pd.Categorical.from_codes(
        inner(c["v"]), dtype=pd.CategoricalDtype(inner(c["c"]), bool(c["o"]))
    ),
    "periods": lambda c, inner: pd.arrays.PeriodArray(inner(c["v"]), dtype=pd.PeriodDtype(c["q"])),
    "intervals": lambda c, inner: pd.arrays.IntervalArray.from_arrays(*_items(c, inner), closed=c["c"]),
    **{name: (lambda c, inner, kind=kind: kind(_items(c, inner))) for name, kind in PLAIN.items()},
    **{k.__name__: _pairs(k) for k in (dict, collections.Counter, collections.OrderedDict)},
}
