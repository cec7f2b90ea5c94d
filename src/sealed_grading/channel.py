"""Messages between processes that do not trust each other: frames with a length, capped, with a deadline; most hold JSON."""

import json
import socket
import struct
import time
from typing import Any

LARGEST = 32 << 20  # bytes of one message
MOST_PARTS = 3_000_000  # lists and objects in one: each takes memory of its reader, thirty times what it takes here


class ChannelError(RuntimeError):
    """The other side ended, or sent what is no message."""


class TooLong(ChannelError):
    """What was to be sent is longer than a message may be; nothing was sent."""


class Cut(TimeoutError):
    """Time was up in the middle of a message; what comes after it cannot be told apart."""


def send(to: socket.socket, message: Any, *bodies: bytes, default=None) -> None:
    """Send a message as JSON and further frames, all at once: what comes in parts wakes the reader as often."""
    frames = [json.dumps(message, default=default).encode(), *bodies]
    for body in frames:
        if len(body) > LARGEST:
            raise TooLong(f"a message of {len(body)} bytes; at most {LARGEST} are taken")
    to.sendall(b"".join(part for body in frames for part in (struct.pack("!I", len(body)), body)))


def receive(source: socket.socket, deadline: float | None = None) -> Any:
    """Return the next message; `deadline` is a time of `time.monotonic()`.

    Raises:
        TimeoutError: nothing came in time.
        Cut: only a part of it did.
        ChannelError: the other side has closed, or the frame is too long or no JSON.
    """
    body = receive_bytes(source, deadline)
    if body.count(b"[") + body.count(b"{") > MOST_PARTS:
        raise ChannelError(f"a message of more than {MOST_PARTS} parts")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ChannelError("a message that is no JSON") from error


def receive_bytes(source: socket.socket, deadline: float | None = None) -> bytes:
    """Return the next frame; raises as `receive` does."""
    (length,) = struct.unpack("!I", _exactly(source, 4, deadline))
    if length > LARGEST:
        raise ChannelError(f"a message of {length} bytes; at most {LARGEST} are taken")
    return _exactly(source, length, deadline, begun=True)


def _exactly(source: socket.socket, count: int, deadline: float | None, begun: bool = False) -> bytes:
    got = bytearray()
    while len(got) < count:
        try:
            source.settimeout(None if deadline is None else max(1e-6, deadline - time.monotonic()))
            part = source.recv(min(1 << 20, count - len(got)))
        except TimeoutError:
            raise (Cut if begun or got else TimeoutError)("no answer in time") from None
        except ConnectionError as error:
            raise ChannelError("the other side ended") from error
        if not part:
            raise ChannelError("the other side ended")
        got += part
    return bytes(got)
