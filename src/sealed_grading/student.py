"""The student's process: runs the answer cells, then answers requests for values and calls. Nothing here is trusted."""

import contextlib
import hashlib
import json
import os
import pickle
import random
import select
import socket
import time
from collections.abc import Iterable, Iterator
from types import FunctionType, GeneratorType
from typing import Any

import numpy
from jupyter_client.jsonutil import json_default

from . import channel, codec
from .shell import OF_IPYTHON, Runner

LONGEST = 1000  # characters of an exception's message
MOST_STEPS = 1000  # values that a generator gives to a test
LONGEST_STEPS = 10  # seconds that they may take together
LARGEST_STEPS = 1_000_000  # characters


def serve(runner: Runner, control: socket.socket, values: socket.socket) -> None:
    """Run cells that come over `control` and answer what comes over `values` until the first is closed."""
    global names_here
    sources, mine, names_here = [control, values], os.getpid(), runner.names
    known: dict[str, bytes] = {}
    runner.beside = []  # what cells for the tests made
    while True:
        try:
            ready, _, _ = select.select(sources, [], [])
            if values in ready:
                runner.settle()
                try:
                    request = channel.receive(values)
                    packed = None if "names" in request else channel.receive_bytes(values)
                except (channel.ChannelError, OSError):
                    sources = [control]
                    continue
                reply = runner.context.run(answer, runner.names, request, packed)
                end_if_copy(mine)
                # No later cell shows what a function printed of a hidden test's arguments.
                printed = runner.outbox.take()
                if packed is not None and printed:
                    reply["printed"] = "".join(said["text"] for kind, said in printed if said.get("name") == "stdout")
                try:
                    channel.send(values, reply)
                except channel.TooLong:
                    channel.send(values, shortened(reply))
                continue
            cell = channel.receive(control)
            reply = runner.answer(cell["source"], cell.get("plain"))
            end_if_copy(mine)
            if cell.get("watch"):
                now = states(runner.names)
                reply["changed"] = sorted(name for name in known.keys() & now.keys() if known[name] != now[name])
                known = now
            channel.send(control, reply, default=json_default)
        except KeyboardInterrupt:  # the coordinator's sign that time is up
            continue


names_here: dict[str, Any] = {}
returned: dict[str, Any] = {}  # functions that functions returned, by what the checker calls them


def named(name: str) -> Any:
    """Return a function of the notebook's, which a test has handed to another one."""
    return returned[name] if name in returned else names_here[name]


def states(names: dict[str, Any]) -> dict[str, bytes]:
    """Return what tells the value of each name from another one, but of those where nothing does."""
    found = {}
    for name, value in list(names.items()):
        if OF_IPYTHON.fullmatch(name):
            continue
        with contextlib.suppress(Exception):
            try:
                whole = json.dumps(codec.encode(value)).encode()
            except Exception:  # such as a generator of random numbers that does not cross
                whole = pickle.dumps(value)
            found[name] = hashlib.sha256(whole).digest()
    return found


def end_if_copy(first: int) -> None:
    """End a fork that the notebook's code made and left running: only the first process answers."""
    if os.getpid() != first:
        os._exit(0)


def shortened(reply: dict) -> dict:
    """Return the reply without the values that make it too long to be sent."""
    words = "a value that is too large to be checked"
    if "values" not in reply:
        return {"id": reply["id"], "unseen": words}
    error = {"error": ["ValueError"], "words": words}
    most = channel.LARGEST // (len(reply["values"]) + 1)
    return {**reply, "values": [value if len(json.dumps(value)) < most else error for value in reply["values"]]}


def answer(names: dict[str, Any], request: dict, packed: bytes | None) -> dict:
    """Return the values of the names that are asked for, or what a function returns for the arguments in `packed`."""
    if packed is None:
        return {"id": request["id"], "values": [reply(names, name) for name in request["names"]]}
    return {"id": request["id"], **reply(names, request["name"], packed, request["without"])}


def reply(names: dict[str, Any], name: str, packed: bytes | None = None, without: Iterable[str] = ()) -> dict:
    """Return a value, a mark that it is a function, or the kind and words of an error; a call is made `without` some names."""
    if name not in names and name not in returned:
        return {"missing": True}
    if packed is None:
        try:
            return _seen(name, names[name])
        except BaseException as error:
            return _error(error)
    try:
        arguments, keywords, seeded = pickle.loads(packed)  # from the checker, which is trusted
    except BaseException as error:
        return {"fault": _words(error)}
    if seeded:
        random.setstate(seeded[0])
        numpy.random.set_state(seeded[1])
    function = named(name)
    hidden = {each: names.pop(each) for each in without if each in names}
    try:
        value = function(*arguments, **keywords)
        if hasattr(value, "__next__"):  # a generator, map, zip
            return first_steps(value)
    except BaseException as error:
        return _error(error)
    finally:
        for each in hidden.keys() - names.keys():  # what the call has made anew stays
            names[each] = hidden[each]
    key = f"{name}(…) {len(returned) + 1}"
    try:
        found = _seen(key, value)
    except BaseException as error:
        return {"unseen": _words(error)}
    if "function" in found:
        returned[key] = value
    return found


def _seen(key: str, value: Any) -> dict:
    """Return a value, or a mark that it is a function, to be called as `key`."""
    if not callable(value) or isinstance(value, type):
        return {"value": codec.encode(value)}
    doc, name = getattr(value, "__doc__", None), getattr(value, "__name__", None)
    about = {"function": True, "key": key, "plain": type(value) is FunctionType}
    about["doc"] = doc[:LONGEST] if isinstance(doc, str) else None
    about["called"] = name[:LONGEST] if isinstance(name, str) else None
    return about


def first_steps(values: Iterator) -> dict:
    """Return what an iterator gives first, and what then: an endless one has no last value, and each step of it may take its time."""
    found: list = []
    end, size = time.monotonic() + LONGEST_STEPS, 0
    try:
        while len(found) < MOST_STEPS and size < LARGEST_STEPS and time.monotonic() < end:
            value = next(values)
            try:
                found.append(codec.encode(value))
            except Exception as error:
                return {"unseen": _words(error)}
            size += len(repr(found[-1]))
        then = {"then": {}}
    except StopIteration:
        then = {}
    except BaseException as error:
        then = {"then": _error(error)}
    return {"iterator": found, "generator": type(values) is GeneratorType, **then}


def _error(error: BaseException) -> dict:
    """Return the kind and words of an error, and its arguments where they cross."""
    kinds = type(error).__mro__
    found = {"error": [kind.__name__ for kind in kinds], "modules": [kind.__module__ for kind in kinds]}
    found |= {"words": _words(error), "line": _line(error)}
    with contextlib.suppress(Exception):
        arguments = [*error.args]
        if isinstance(error, OSError) and len(arguments) == 2 and error.filename is not None:
            arguments.append(error.filename)
        found["arguments"] = codec.encode(arguments) if len(repr(arguments)) <= LONGEST else None
    return found


def _words(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST]
    except BaseException:  # of an exception class of the notebook's own
        return "(an error whose message cannot be read)"


def _line(error: BaseException) -> str | None:
    """Return the source line in the student's own code at which it stopped."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "ipykernel_" in frame.filename]
    return frames[-1].line if frames else None
