"""The checker: runs the instructor's cells in a process without student code, and says which tests were passed.

A name that a test uses is the instructor's own where an instructor's cell made it, and otherwise a value fetched from the
student's process, or a stub that calls the function there.
"""

import builtins
import contextlib
import functools
import importlib
import io
import itertools
import numbers
import pickle
import random
import re
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, GeneratorType
from typing import Any

import cloudpickle
import numpy
from jupyter_client.jsonutil import json_default

from . import channel, codec, student
from .shell import OF_IPYTHON, Runner, Stream

LARGEST_SEEN = 10_000  # bytes of a value that is looked at again after each call
MOST_SEEN = 50_000_000  # bytes of larger ones that are so in one cell: more would take too long
ALL_NAMES = {"__main__", "dir", "eval", "exec", "globals", "locals", "vars"}  # by which a cell can read any
EXAMPLE = re.compile(r">>>.*")
NO_EXAMPLE = ">>> raise RuntimeError('the examples of an answer cannot be run here; call the function instead')"
OF_TESTS = {__package__, "IPython", "_pytest", "unittest"}  # whose own errors steer how tests go on
# Would end an instructor's loop over map(…), or pass for a test skipped.
NEVER = {"StopIteration", "StopAsyncIteration", "SkipTest"}


class Remote:
    """The student's process, as seen from here. Everything that comes back may be a lie, and can be no more than a value."""

    def __init__(self, values: socket.socket):
        self.values = values
        self.numbers = itertools.count(1)
        self.deadline = 0.0
        self.late = False  # in the check that runs
        self.unanswered: set[int] = set()  # questions whose time was up; their answers may still come
        self.broken: str | None = None
        self.lines: dict[str, str] = {}  # the last error's words, and where in the answer it came up
        self.gone: Callable[[], set[str]] = set  # names without which functions are called
        self.called: Callable[[], None] = lambda: None  # after each call
        self.known: Callable[[str], Any] = lambda name: None  # what a name of the instructor's is
        self.seeded = False  # whether the running test has set random numbers to a seed since the last call
        self.seed_set = False  # whether a cell so far has
        self.turn = threading.Lock()  # a test may call from several threads
        self.ended = False  # in the check that runs: something was asked of it when it answered no more
        self.fault = ""  # in the check that runs: why a function was not called with what the test gave it
        self.unseen = ""  # in the check that runs: what of the answer could not be looked at

    def fetch(self, names: list[str]) -> dict[str, Any]:
        """Return what each of `names` is there: a value, a stub of a function, or the exception that says why there is none.

        Raises:
            TimeoutError, RuntimeError: no answer came.
        """
        replies = self._ask({"names": names}, "the notebook").get("values")
        if not isinstance(replies, list) or len(replies) != len(names):
            raise self._break("the notebook's own code has ended the process that it ran in")
        return {name: self._value(name, reply) for name, reply in zip(names, replies, strict=True)}

    def call(self, name: str, arguments: tuple, keywords: dict) -> Any:
        """Return what the function returns. What it printed is printed where a test catches that, and else nowhere.

        Raises:
            Exception: of the kind that the student's code raised, or the nearest one that is known here, with its words.
            TypeError: the arguments cannot be handed over.
        """
        handed, self.seeded = (arguments, keywords, state_of_numbers() if self.seeded else None), False
        for packer in (Packer, CodePacker):  # the latter where the student's process has no such class
            try:
                packed = pack(handed, packer)
                if len(packed) > channel.LARGEST:
                    raise ValueError("they are too large")
            except Exception as error:
                raise self._not_called(name, str(error)) from None
            reply = self._ask({"name": name, "without": sorted(self.gone())}, name, packed)
            if "fault" not in reply:
                break
        else:
            raise self._not_called(name, str(reply["fault"])[: student.LONGEST])
        if isinstance(reply.get("printed"), str) and not isinstance(sys.stdout, Stream):
            sys.stdout.write(reply["printed"])
        value = codec.Malformed(reply["unseen"]) if "unseen" in reply else self._value(name, reply)
        self.called()
        if isinstance(value, codec.Malformed):
            self.unseen = str(value)[: student.LONGEST]
            return Unseen(self.unseen)
        if isinstance(value, Exception):
            raise value
        return value

    def _not_called(self, name: str, why: str) -> TypeError:
        self.fault = f"the arguments of {name} cannot be handed over: {why}"
        return TypeError(self.fault)

    def _ask(self, request: dict, what: str, packed: bytes | None = None) -> dict:
        with self.turn:
            if self.broken:
                raise self._break(self.broken)
            if self.late:
                raise TimeoutError(f"{what} was not asked, for an earlier answer did not come in time")
            request["id"], sent = next(self.numbers), False
            try:
                self.values.settimeout(max(0.01, self.deadline - time.monotonic()))
                channel.send(self.values, request, *([] if packed is None else [packed]))
                sent = True
                return self._reply(request["id"])
            except TimeoutError as error:
                self.late, words = True, f"{what} gave no answer in time"
                self.unanswered.add(request["id"])
                if not sent or isinstance(error, channel.Cut):
                    self.broken = words
                raise TimeoutError(words) from None
            except (channel.ChannelError, OSError):
                raise self._break("the notebook's own code has ended the process that it ran in") from None
            except BaseException:  # the test's own alarm
                self.late = True
                self.unanswered.add(request["id"])
                raise

    def _break(self, words: str) -> RuntimeError:
        self.broken, self.ended = words, True
        return RuntimeError(words)

    def _reply(self, number: int) -> dict:
        """Return the answer to question `number`; answers that come late are thrown away."""
        while True:
            reply = channel.receive(self.values, self.deadline)
            found = reply.get("id") if isinstance(reply, dict) else None
            if type(found) is int and found == number:
                return reply
            if type(found) is not int or found not in self.unanswered:
                raise channel.ChannelError("an answer to another question")
            self.unanswered.remove(found)

    def _value(self, name: str, reply: Any) -> Any:
        if not isinstance(reply, dict):
            return codec.Malformed("the value that came back is malformed")
        if reply.get("missing") is True:
            return NameError(f"name {name!r} is not defined")
        if "error" in reply:
            return self._error(reply)
        if reply.get("function") is True:
            key = reply.get("key")
            return Stub(key if isinstance(key, str) else name, self, reply)
        try:
            if "iterator" in reply:
                return self._steps(reply)
            return codec.decode(reply.get("value"), self.known)
        except codec.Malformed as error:
            return error

    def _steps(self, reply: dict) -> Iterator:
        """Return an iterator, or where the learner's is one a generator, of what the learner's gave first."""
        codec.need(isinstance(reply["iterator"], list) and len(reply["iterator"]) <= student.MOST_STEPS)
        values = [codec.decode(value, self.known) for value in reply["iterator"]]

        def steps():
            yield from values
            if isinstance(then := reply.get("then"), dict):
                short = ValueError(f"a generator's first {len(values)} values can be checked, and no more")
                raise self._error(then) if "error" in then else short

        return steps() if reply.get("generator") is True else itertools.chain(steps())

    def _error(self, reply: dict) -> Exception:
        """Return what the student's code raised, as the instructor's kind of that name or the nearest built-in one."""
        kinds = reply["error"] if isinstance(reply["error"], list) else []
        modules = reply["modules"] if isinstance(reply.get("modules"), list) else []
        words = str(reply.get("words"))[:1000]
        line = reply.get("line")
        note = f" in the line `{line[:200]}`" if isinstance(line, str) and line else ""
        try:
            arguments = codec.decode(reply.get("arguments"))
        except codec.Malformed:
            arguments = None
        arguments = tuple(arguments) if isinstance(arguments, list) else (words,)
        for kind, module in zip(map(str, kinds[:50]), map(str, modules), strict=False):
            own = self.known(kind)
            found = own if isinstance(own, type) else getattr(builtins, kind, None)
            if not found and module in sys.modules and module.partition(".")[0] not in OF_TESTS:
                found = vars(sys.modules[module]).get(kind)
            if not (isinstance(found, type) and issubclass(found, Exception)):
                continue
            if not NEVER.intersection(base.__name__ for base in found.__mro__):
                with contextlib.suppress(Exception):
                    try:
                        error = found(*arguments)
                    except Exception:  # its class wants other arguments than it keeps
                        error = found.__new__(found, *arguments)
                        error.args = arguments
                    break
        else:  # it would have ended the test too
            error = RuntimeError(words)
            self.fault = f"{kinds[0] if kinds else 'an error'}: {words}"[: student.LONGEST]
        if note:
            error.add_note(note.strip())
            self.lines = {words: note}
        return error


class Stub:
    """A learner's function, as tests see it: to be called. What it is made of stays in the student's process."""

    __slots__ = ("__dict__", "_key", "_plain", "_remote")  # apart, for `functools.wraps` copies the former
    takes_copies = True  # whoever calls it need not guard the arguments

    def __init__(self, key: str, remote: Remote, about: dict):
        name, doc = about.get("called"), about.get("doc")
        self.__name__ = self.__qualname__ = name if isinstance(name, str) else key
        self.__module__ = "__main__"
        # doctest would run it here, in the tests' own process.
        self.__doc__ = EXAMPLE.sub(NO_EXAMPLE, doc).replace("...", "…") if isinstance(doc, str) else None
        self._key, self._remote, self._plain = key, remote, about.get("plain") is True

    def __call__(self, *arguments, **keywords):
        return self._remote.call(self._key, arguments, keywords)

    @property
    def __class__(self):
        return FunctionType if self._plain else Stub

    def __reduce__(self):  # as an argument of another one: the function itself
        return student.named, (self._key,)

    def __copy__(self):
        return self

    def __deepcopy__(self, _):
        return self

    @property
    def __signature__(self):
        raise TypeError(f"{self.__name__}: the parameters of an answer's function cannot be checked; call it instead")

    def __getattr__(self, what: str):
        raise AttributeError(f"{self.__name__}: `{what}` of an answer's function cannot be checked; call it instead")


class Unseen:
    """What a learner's function returned and what does not cross. That it returned is all that is known: whatever a test does with it says why."""

    def __init__(self, words: str):
        self.__dict__["words"] = words

    def __repr__(self):
        return f"<{self.__dict__['words']}>"

    def _say_why(self, *_, **__):
        raise TypeError(self.__dict__["words"])

    __getattr__ = __setattr__ = __delattr__ = __reduce_ex__ = _say_why
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __bool__ = _say_why
    __len__ = __iter__ = __contains__ = __getitem__ = __setitem__ = __delitem__ = _say_why
    __str__ = __format__ = __int__ = __float__ = __complex__ = __index__ = __abs__ = __round__ = _say_why
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _say_why
    __neg__ = __mod__ = __pow__ = __matmul__ = __and__ = __or__ = __enter__ = __exit__ = _say_why


class Packer(pickle.Pickler):
    """Arguments for a learner's function: an instructor's own functions go as code, all else as pickle has it."""

    def reducer_override(self, value: Any):
        if type(value) is FunctionType and (value.__module__ == "__main__" or "<" in value.__qualname__):
            return cloudpickle.loads, (pack(value, CodePacker),)
        if type(value) is GeneratorType:
            given = list(itertools.islice(value, student.MOST_STEPS + 1))
            if len(given) > student.MOST_STEPS:
                raise TypeError(f"a generator can hand over {student.MOST_STEPS} values, and no more")
            return codec.generator, (given,)
        if type(value) in codec.VIEWS:
            return codec.view, (type(value).__name__, list(value))
        if isinstance(value, tuple) and type(value).__module__ == codec.__name__:
            return codec.named_tuple, (type(value).__name__, value._fields, tuple(value))
        return NotImplemented


class CodePacker(cloudpickle.Pickler):
    """Functions as code, but for the learner's own."""

    def reducer_override(self, value: Any):
        return value.__reduce__() if type(value) is Stub else super().reducer_override(value)


def pack(value: Any, packer: type[pickle.Pickler] = Packer) -> bytes:
    packed = io.BytesIO()
    packer(packed, pickle.HIGHEST_PROTOCOL).dump(value)
    return packed.getvalue()


class Checker:
    """The instructor's cells, one after the other.

    A name is the instructor's (`own`) from the cell on that gives it a value, until an answer that is there to make it anew.
    """

    def __init__(self, runner: Runner, remote: Remote, own: set[str], imports: dict[str, str]):
        self.runner, self.remote = runner, remote
        self.own = own
        self.imports = imports  # by the instructor's own answers: `module` or `module:what`, by its name there
        self.given: set[str] = set()  # names that an answer so far was there to define or to change
        self.fetched: dict[str, Any] = {}  # from the student's process, and not replaced since
        self.held: set[str] = set()  # those whose value a test has changed in place: kept so until the next answer
        self.gone: set[str] = set()  # names that tests so far have deleted, for their own good reasons
        self.there: set[str] = set()  # names that the running test began with
        self.loads: dict[str, list[str]] = {}  # for each name, what the cell reads that bound it last
        self.used: set[str] = set()  # read by cells so far: their functions look these up when they are called
        self.declared: dict[str, list[str]] = {}  # for each function of cells so far, what it declares as global
        self.binds: set[str] = set()  # names that the cell that runs may bind, itself or by functions that it names
        self.reads: set[str] = set()  # names that it may read
        self.packed: dict[str, bytes] = {}  # the student's values among these, as they came
        self.most_seen = MOST_SEEN  # bytes that may still be looked at again for it
        remote.gone = lambda: self.gone | (self.there - runner.names.keys())
        self.drawing_for_tests, self.other_numbers = False, None
        remote.called = self.look_again
        remote.known = lambda name: None if name in self.given else runner.names.get(name)

    def renew(self, names: Iterable[str]) -> None:
        """Note that an answer has been run which is there to make `names`."""
        self.given.update(names)
        self.own -= self.held.union(names)
        self.gone.difference_update(names)
        self.held.clear()
        self.packed.clear()

    def fetch(self, cell: dict) -> None:
        """Bring in what the student's process must supply for a cell."""
        names, now = self.runner.names, set(cell["loads"])
        self.note(cell)
        any_name = ALL_NAMES.intersection(cell["words"])  # such as `globals()[f"q{number}"]`
        self.reads = now | (self.given if any_name else self.given & self.behind(now).union(cell["words"]))
        self.packed, self.most_seen = {}, MOST_SEEN
        theirs = self.given | self.fetched.keys()
        wanted = [
            name
            for name in sorted((self.used | self.reads) - self.own)
            if name in theirs or not (name.startswith("_") or name in names or hasattr(builtins, name))
        ]
        try:
            values = self.remote.fetch(wanted) if wanted else {}
        except (TimeoutError, RuntimeError):
            needed = self.behind(now)
            if any(name in needed and (name in self.given or name not in names) for name in wanted):
                raise
            self.remote.ended = False
            return  # this cell does without
        for name, value in values.items():
            if name in self.imports and not isinstance(value, NameError):
                value = self.library(name, value)
            if not isinstance(value, Exception):
                self.put(name, value)
            elif isinstance(value, NameError):
                if self.fetched.pop(name, self) is not self:
                    names.pop(name, None)
            elif name in now - set(cell["binds"]) and (name not in names or name in self.given):
                # Else the cell makes it, or fails by itself.
                self.remote.unseen = f"{name}: {value}"
                raise type(value)(self.remote.unseen)

    def library(self, name: str, value: Any) -> Any:
        """Return what the instructor's own answer imports as `name`; `value` where that cannot be had."""
        module, _, inside = self.imports[name].partition(":")
        with contextlib.suppress(ImportError, AttributeError):
            found = importlib.import_module(module)
            return getattr(found, inside) if inside else found
        return value

    def behind(self, names: set[str]) -> set[str]:
        """Return `names` and what functions that they stand for may read."""
        found = set(names)
        while more := {name for each in found & self.loads.keys() for name in self.loads[each]} - found:
            found |= more
        return found

    def put(self, name: str, value: Any) -> None:
        self.runner.names[name] = self.fetched[name] = value
        self.gone.discard(name)
        if name in self.reads and type(value) is not Stub:
            with contextlib.suppress(Exception):  # a generator
                self.packed[name] = pickle.dumps(value)

    def note(self, cell: dict) -> None:
        """Note what a cell reads and binds: the latter is not asked for, but where an answer is there to make it."""
        self.used.update(cell["loads"])
        self.loads.update(dict.fromkeys(cell["binds"], cell["loads"]))
        self.declared.update(cell["global"])
        words = set(cell["words"])
        self.binds = set(cell["binds"]).union(*(self.declared[name] for name in words & self.declared.keys()))
        self.binds |= words if "exec" in words else set()
        self.own |= set(cell["binds"]) - self.given

    def same(self, name: str) -> bool:
        """Return whether a value of the student's is here as it came."""
        with contextlib.suppress(Exception):
            value = self.runner.names[name]
            return value is self.fetched[name] and not self.rebound(name) and pickle.dumps(value) == self.packed[name]
        return False

    def rebound(self, name: str) -> bool:
        """Return whether an instructor's cell may have bound `name` to the very value that it had: there is but one None, True, 0 or ''."""
        if name in self.binds:
            with contextlib.suppress(Exception):
                value = self.runner.names[name]
                return pickle.loads(pickle.dumps(value)) is value
        return False

    def look_again(self) -> None:
        """Bring in anew, after a call, what the cell reads of the student's values, but for those that the test has changed itself."""
        old = []
        for name in sorted(self.packed.keys() - self.imports.keys()):
            large = len(self.packed[name]) if len(self.packed[name]) > LARGEST_SEEN else 0
            if large <= self.most_seen and self.same(name):
                self.most_seen -= large
                old.append(name)
        for name, value in (self.remote.fetch(old) if old else {}).items():
            if not isinstance(value, Exception):
                self.put(name, value)

    def keep(self, before: dict[str, Any]) -> None:
        """Note, after a cell, which names it has given a value, changed in place or deleted; `before` it they were these."""
        names, of_shell = self.runner.names, OF_IPYTHON.fullmatch
        made = {
            name
            for name, value in names.items()
            if (
                before.get(name, before) is not value
                and self.fetched.get(name, self) is not value
                or self.rebound(name)
            )
            and not of_shell(name)
        }
        self.own |= made
        self.gone -= made
        for name in made:
            self.fetched.pop(name, None)
        here = self.packed.keys() & self.fetched.keys() & names.keys()
        self.held |= {name for name in here if not self.same(name)}
        self.own |= self.held

    def take(self, cell: dict) -> None:
        """Have the names of a cell that was run ahead, from its own place on. It reads none that the student's process must supply."""
        before = dict(self.runner.names)
        self.note(cell)
        self.runner.names.update(self.runner.beside[cell["ready"]])
        self.keep(before)

    def forget_source(self) -> None:
        """Keep no instructor's source where a text of the learner's could have it shown, by `str.format` of an object of the test's."""
        history = self.runner.shell.history_manager
        for inputs in (history.input_hist_parsed, history.input_hist_raw):
            inputs[:] = [""] * len(inputs)
        history._i00 = history._i = history._ii = history._iii = ""
        for name in [name for name in self.runner.names if OF_IPYTHON.fullmatch(name) and name.startswith("_i")]:
            if isinstance(self.runner.names[name], str):
                self.runner.names[name] = ""

    def draw_apart(self, for_tests: bool) -> None:
        """Have tests draw numbers that the student's process, which began with the same seed, cannot know, unless set-up set one."""
        if for_tests != self.drawing_for_tests and not self.remote.seed_set:
            now = state_of_numbers()
            if self.other_numbers is None:
                random.seed()
                numpy.random.seed()  # to none, which is no seed of the test's
            else:
                random.setstate(self.other_numbers[0])
                numpy.random.set_state(self.other_numbers[1])
            self.other_numbers, self.drawing_for_tests = now, for_tests
            self.remote.seeded = False

    def run(self, cell: dict, code: bytes) -> dict:
        self.remote.deadline = time.monotonic() + cell["seconds"]
        self.remote.late = self.remote.ended = False
        self.remote.fault = self.remote.unseen = ""
        try:
            self.fetch(cell)
        except (Exception, KeyboardInterrupt) as error:  # the latter where time was up while a value was read
            return {
                "count": self.runner.shell.execution_count,
                "messages": [shown(type(error).__name__, str(error))],
                "ok": False,
                "late": self.remote.late,
                "ended": self.remote.ended,
                "unseen": self.remote.unseen,
            }
        self.draw_apart(not cell["quiet"])
        names = self.runner.names
        before = dict(names)
        # What set-up deletes, it deletes in the student's process too.
        self.there = set() if cell["quiet"] else set(names)
        reply, value = self.runner.run(cell["source"], cell["plain"], cell["quiet"], code)
        for module in cell["starred"]:
            self.binds |= vars(sys.modules.get(module)).keys() if module in sys.modules else set()
        self.remote.seeded &= not cell["quiet"]  # which the student's process has run itself
        self.forget_source()
        self.keep(before)
        self.gone |= self.there - names.keys()
        reply |= {"late": self.remote.late, "ended": self.remote.ended, "unseen": self.remote.unseen}
        reply["ok"] = reply["ok"] and not reply["failed"]
        if reply["ok"] and (self.remote.fault or self.remote.late or self.remote.ended):
            # The test took what the engine raised for an error of the answer's.
            words = self.remote.fault or self.remote.broken or "an answer did not come in time"
            reply |= {"ok": False, "messages": [*reply["messages"], shown("RuntimeError", words)]}
        for kind, content in reply["messages"]:
            if kind == "error" and content["evalue"] in self.remote.lines:
                content["evalue"] += self.remote.lines[content["evalue"]]
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            reply["partial"] = float(value)
        return reply


def shown(kind: str, words: str) -> list:
    """Return the message that shows an error."""
    return ["error", {"ename": kind, "evalue": words, "traceback": [words]}]


def state_of_numbers() -> tuple:
    return random.getstate(), numpy.random.get_state()


def noted(seed: Callable, remote: Remote) -> Callable:
    """Return `seed` so that the learner's functions begin where a test sets random numbers to one: their next call is told the state.

    Where nothing is set, they are told nothing, for it says what a test has drawn.
    """

    @functools.wraps(seed)
    def set_seed(*arguments, **keywords):
        remote.seeded = any(each is not None for each in (*arguments, *keywords.values()))
        remote.seed_set |= remote.seeded
        return seed(*arguments, **keywords)

    return set_seed


def show_warning(message, category, filename, lineno, file=None, line=None) -> None:
    """Show a warning on standard output: with nbgrader it would take a test's points, and it says nothing about an answer."""
    print(warnings.formatwarning(message, category, filename, lineno, line), end="", file=file)


def serve(runner: Runner, control: socket.socket, values: socket.socket) -> None:
    """Run instructor's cells that come over `control` until it is closed."""
    runner.settle()  # what was run ahead is the student's
    runner.shell.InteractiveTB.set_mode(mode="Minimal")
    warnings.showwarning = show_warning
    about = channel.receive(control)
    remote = Remote(values)
    checker = Checker(runner, remote, set(about["own"]), about["imports"])
    for module in (random, numpy.random):
        module.seed = noted(module.seed, remote)
    while True:
        request = channel.receive(control) | channel.receive(control)
        code = channel.receive_bytes(control)
        if request["renewed"] is not None:
            checker.renew(request["renewed"])
        if "ready" in request:
            checker.take(request)
        else:
            channel.send(control, checker.run(request, code), default=json_default)
