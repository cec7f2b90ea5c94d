"""The checker: runs the instructor's cells in a process without student code, and says which tests were passed.

A name that a test uses is the instructor's own where an instructor's cell made it, and otherwise a value fetched from the
student's process, or a stub that calls the function there.
"""

import base64
import builtins
import itertools
import numbers
import pickle
import socket
import time
from typing import Any

from jupyter_client.jsonutil import json_default

from . import channel, codec
from .names import changed, loaded
from .shell import Runner


class Remote:
    """The student's process, as seen from here. Everything that comes back may be a lie, and can be no more than a value."""

    def __init__(self, values: socket.socket):
        self.values = values
        self.numbers = itertools.count(1)
        self.deadline = 0.0
        self.late = False
        self.broken: str | None = None

    def ask(self, name: str, call: tuple | None = None) -> Any:
        """Return the value of `name`, or what it returns for `call`.

        Raises:
            NameError: there is no such name.
            Exception: of the built-in kind that the student's code raised, with its words.
        """
        if self.broken:
            raise RuntimeError(self.broken)
        request = {"id": next(self.numbers), "name": name}
        if call is not None:
            request["call"] = base64.b64encode(pickle.dumps(call)).decode()
        try:
            self.values.settimeout(max(0.01, self.deadline - time.monotonic()))
            channel.send(self.values, request)
            reply = channel.receive(self.values, self.deadline)
            if not isinstance(reply, dict) or reply.get("id") != request["id"]:
                raise channel.ChannelError("an answer to another question")
        except TimeoutError:
            self.late = True
            self.broken = f"{name} gave no answer in time"
            raise TimeoutError(self.broken) from None
        except (channel.ChannelError, OSError):
            self.broken = "the notebook's own code has ended the process that it ran in"
            raise RuntimeError(self.broken) from None
        return self._value(name, call, reply)

    def _value(self, name: str, call: tuple | None, reply: dict) -> Any:
        if reply.get("missing") is True:
            raise NameError(f"name {name!r} is not defined")
        if "error" in reply:
            raise _error(reply)
        if reply.get("function") is True and call is None:
            return self._stub(name)
        return codec.decode(reply.get("value"))

    def _stub(self, name: str):
        def stub(*arguments, **keywords):
            return self.ask(name, (arguments, keywords))

        stub.__name__ = stub.__qualname__ = name
        return stub


def _error(reply: dict) -> Exception:
    """Return the nearest built-in kind of what the student's code raised."""
    kinds = reply["error"] if isinstance(reply["error"], list) else []
    words = str(reply.get("words"))[:1000]
    if isinstance(reply.get("line"), str) and reply["line"]:
        words += f" in the line `{reply['line'][:200]}`"
    for kind in kinds:
        found = getattr(builtins, kind, None) if isinstance(kind, str) else None
        if isinstance(found, type) and issubclass(found, Exception):
            try:
                return found(words)
            except TypeError:  # UnicodeDecodeError and its like want more than words
                continue
    return RuntimeError(words)


class Checker:
    """The instructor's cells, one after the other."""

    def __init__(self, runner: Runner, remote: Remote, given: set[str]):
        self.runner, self.remote = runner, remote
        self.given = given  # names that an answer is there to define or to change
        self.fetched: set[str] = set()
        self.own: set[str] = set()  # what the instructor's cells make
        self.used: set[str] = set()  # by earlier cells: their functions look these up when they are called

    def fetch(self, source: str) -> None:
        """Bring in what the student's process must supply for this cell."""
        plain = self.runner.shell.transform_cell(source)
        names, now = self.runner.names, loaded(plain)
        self.used |= now
        self.own |= changed(plain) - self.given
        for name in sorted(self.used):
            known = name in names or hasattr(builtins, name)
            if name.startswith("_") or name in self.own or (known and name not in self.given | self.fetched):
                continue
            try:
                names[name] = self.remote.ask(name)
                self.fetched.add(name)
            except NameError:
                if name in self.fetched:
                    names.pop(name, None)
            except Exception as error:
                if name in now and name not in names:
                    raise type(error)(f"{name}: {error}") from None
                if name in now and name in self.given and not isinstance(error, TypeError):
                    raise

    def run(self, request: dict) -> dict:
        self.remote.deadline = time.monotonic() + request["seconds"]
        self.remote.late = False
        try:
            self.fetch(request["source"])
        except Exception as error:
            words = str(error)
            shown = ["error", {"ename": type(error).__name__, "evalue": words, "traceback": [words]}]
            return {
                "count": self.runner.shell.execution_count,
                "messages": [shown],
                "ok": False,
                "late": self.remote.late,
            }
        reply, value = self.runner.run(request["source"])
        reply["late"] = self.remote.late
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            reply["partial"] = float(value)
        return reply


def serve(runner: Runner, control: socket.socket, values: socket.socket) -> None:
    """Run instructor's cells that come over `control` until it is closed."""
    runner.shell.InteractiveTB.set_mode(mode="Minimal")
    given = set(channel.receive(control)["given"])
    checker = Checker(runner, Remote(values), given)
    while True:
        channel.send(control, checker.run(channel.receive(control)), json_default)
