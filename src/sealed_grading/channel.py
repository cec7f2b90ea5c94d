"""Messages between processes that do not trust each other: frames with a length, capped, with a deadline; most hold JSON."""

import json
import socket
import struct
import time
from typing import Any

LARGEST = 32 << 20  # bytes of one message


class ChannelError(RuntimeError):
    """The other side ended, or sent what is no message."""


def send(to: socket.socket, message: Any, default=None) -> None:
    send_bytes(to, json.dumps(message, default=default).encode())


def send_bytes(to: socket.socket, body: bytes) -> None:
    to.sendall(struct.pack("!I", len(body)))
    to.sendall(body)


def receive(source: socket.socket, deadline: float | None = None) -> Any:
    """Return the next message; `deadline` is a time of `time.monotonic()`.

    Raises:
        TimeoutError: nothing whole came in time.
        ChannelError: the other side has closed, or the frame is too long or no JSON.
    """
    body = receive_bytes(source, deadline)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ChannelError("a message that is no JSON") from error


def receive_bytes(source: socket.socket, deadline: float | None = None) -> bytes:
    """Return the next frame; raises as `receive` does."""
    (length,) = struct.unpack("!I", _exactly(source, 4, deadline))
    if length > LARGEST:
        raise ChannelError(f"a message of {length} bytes; at most {LARGEST} are taken")
    return _exactly(source, length, deadline)


def _exactly(source: socket.socket, count: int, deadline: float | None) -> bytes:
    got = bytearray()
    while len(got) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("no answer in time")
            source.settimeout(left)
        else:
            source.settimeout(None)
        try:
            part = source.recv(min(1 << 20, count - len(got)))
        except ConnectionError as error:
            raise ChannelError("the other side ended") from error
        if not part:
            raise ChannelError("the other side ended")
        got += part
    return bytes(got)
