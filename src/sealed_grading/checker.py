"""The checker: runs the instructor's cells in a process without student code, and says which tests were passed.

A name that a test uses is the instructor's own where an instructor's cell made it, and otherwise a value fetched from the
student's process, or a stub that calls the function there.
"""

import builtins
import itertools
import numbers
import pickle
import socket
import time
import warnings
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from jupyter_client.jsonutil import json_default

from . import channel, codec
from .shell import Runner


class Remote:
    """The student's process, as seen from here. Everything that comes back may be a lie, and can be no more than a value."""

    def __init__(self, values: socket.socket):
        self.values = values
        self.numbers = itertools.count(1)
        self.deadline = 0.0
        self.late = False  # in the check that runs
        self.unanswered: set[int] = set()  # questions whose time was up; their answers may still come
        self.broken: str | None = None
        self.ended = False  # in the check that runs: something was asked of it when it answered no more
        self.gone: Callable[[], list[str]] = list  # names that a test has deleted, for its own good reasons

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
        """Return what the function returns.

        Raises:
            Exception: of the built-in kind that the student's code raised, with its words.
        """
        packed = pickle.dumps((arguments, keywords), pickle.HIGHEST_PROTOCOL)
        reply = self._ask({"name": name, "without": self.gone()}, name, packed)
        value = self._value(name, reply | {"function": None})
        if isinstance(value, Exception):
            raise value
        return value

    def _ask(self, request: dict, what: str, packed: bytes | None = None) -> dict:
        if self.broken:
            raise self._break(self.broken)
        if self.late:
            raise TimeoutError(f"{what} was not asked, for an earlier answer did not come in time")
        if packed and len(packed) > channel.LARGEST:
            raise ValueError(f"the arguments of {what} are too large")
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
            return _error(reply)
        if reply.get("function") is True:
            return self._stub(name)
        try:
            return codec.decode(reply.get("value"))
        except codec.Malformed as error:
            return error

    def _stub(self, name: str):
        def stub(*arguments, **keywords):
            return self.call(name, arguments, keywords)

        stub.__name__ = stub.__qualname__ = name
        stub.takes_copies = True  # whoever calls it need not guard the arguments
        return stub


def _error(reply: dict) -> Exception:
    """Return the nearest built-in kind of what the student's code raised."""
    kinds = reply["error"] if isinstance(reply["error"], list) else []
    words = str(reply.get("words"))[:1000]
    if isinstance(reply.get("line"), str) and reply["line"]:
        words += f" in the line `{reply['line'][:200]}`"
    for kind in kinds:
        found = getattr(builtins, kind, None) if isinstance(kind, str) else None
        if found in (StopIteration, StopAsyncIteration):
            continue  # would end an instructor's loop over map(…) as if it had been gone through
        if isinstance(found, type) and issubclass(found, Exception):
            try:
                return found(words)
            except TypeError:  # UnicodeDecodeError and its like want more than words
                continue
    return RuntimeError(words)


class Checker:
    """The instructor's cells, one after the other."""

    def __init__(self, runner: Runner, remote: Remote, own: set[str]):
        self.runner, self.remote = runner, remote
        self.given: set[str] = set()  # names that an answer so far was there to define or to change
        self.fetched: set[str] = set()
        self.own = own  # what the instructor's cells make, since the last answer that was there to make it
        remote.gone = lambda: sorted(self.fetched - runner.names.keys())
        self.used: set[str] = set()  # by earlier cells: their functions look these up when they are called

    def fetch(self, now: set[str], made: set[str]) -> None:
        """Bring in what the student's process must supply for a cell that reads the names `now` and makes `made`."""
        names = self.runner.names
        self.note(now, made)
        wanted, theirs = [], self.given | self.fetched
        for name in sorted(self.used - self.own):
            known = name in names or hasattr(builtins, name)
            if not name.startswith("_") and (name in theirs or not known):
                wanted.append(name)
        try:
            values = self.remote.fetch(wanted) if wanted else {}
        except (TimeoutError, RuntimeError):
            if any(name in now and (name in self.given or name not in names) for name in wanted):
                raise
            self.remote.ended = False
            return  # this cell does without
        for name, value in values.items():
            if not isinstance(value, Exception):
                names[name] = value
                self.fetched.add(name)
            elif isinstance(value, NameError):
                if name in self.fetched:
                    names.pop(name, None)
            elif name in now and name not in names:
                raise type(value)(f"{name}: {value}")
            elif name in now and name in self.given and not (isinstance(value, TypeError) and _no_value(names[name])):
                raise value

    def note(self, now: set[str], made: set[str]) -> None:
        self.used |= now
        self.own |= made - self.given

    def keep(self, names: Iterable[str]) -> None:
        """Have names that an instructor's cell has bound, though an answer may too, be the instructor's until the next such answer."""
        self.own |= set(names)
        self.fetched -= set(names)

    def take(self, request: dict) -> None:
        """Have the names of a cell that was run ahead, from its own place on. It reads none that the student's process must supply."""
        self.note(set(request["loads"]), set(request["makes"]))
        made = self.runner.beside[request["ready"]]
        self.runner.names.update(made)
        self.keep(made)

    def run(self, request: dict, code: bytes) -> dict:
        self.remote.deadline = time.monotonic() + request["seconds"]
        self.remote.late = self.remote.ended = False
        try:
            self.fetch(set(request["loads"]), set(request["makes"]))
        except Exception as error:
            words = str(error)
            shown = ["error", {"ename": type(error).__name__, "evalue": words, "traceback": [words]}]
            return {
                "count": self.runner.shell.execution_count,
                "messages": [shown],
                "ok": False,
                "late": self.remote.late,
                "ended": self.remote.ended,
            }
        names = self.runner.names
        before = {name: names.get(name) for name in self.given.intersection(request["binds"])}
        reply, value = self.runner.run(request["source"], request["plain"], request["quiet"], code)
        self.keep(name for name, value in before.items() if name in names and names[name] is not value)
        reply["late"], reply["ended"] = self.remote.late, self.remote.ended
        reply["ok"] = reply["ok"] and not reply["failed"]
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            reply["partial"] = float(value)
        return reply


def _no_value(thing: Any) -> bool:
    """Return whether it is a module, function or class, which an answer may import or define too and which never crosses."""
    return callable(thing) or isinstance(thing, ModuleType)


def show_warning(message, category, filename, lineno, file=None, line=None) -> None:
    """Show a warning on standard output: with nbgrader it would take a test's points, and it says nothing about an answer."""
    print(warnings.formatwarning(message, category, filename, lineno, line), end="", file=file)


def serve(runner: Runner, control: socket.socket, values: socket.socket) -> None:
    """Run instructor's cells that come over `control` until it is closed."""
    runner.settle()  # what was run ahead is the student's
    runner.shell.InteractiveTB.set_mode(mode="Minimal")
    warnings.showwarning = show_warning
    about = channel.receive(control)
    checker = Checker(runner, Remote(values), set(about["own"]))
    while True:
        request = channel.receive(control) | channel.receive(control)
        code = channel.receive_bytes(control)
        checker.given.update(request["renewed"])
        checker.own.difference_update(request["renewed"])
        if "ready" in request:
            checker.take(request)
        else:
            channel.send(control, checker.run(request, code), default=json_default)
