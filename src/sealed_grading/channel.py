"""Messages between processes that do not trust each other: JSON in frames with a length, capped, with a deadline."""

import json
import socket
import struct
import time
from typing import Any

LARGEST = 32 << 20  # bytes of one message


class ChannelError(RuntimeError):
    """The other side ended, or sent what is no message."""


def send(to: socket.socket, message: Any, default=None) -> None:
    body = json.dumps(message, default=default).encode()
    to.sendall(struct.pack("!I", len(body)) + body)


def receive(source: socket.socket, deadline: float | None = None) -> Any:
    """Return the next message; `deadline` is a time of `time.monotonic()`.

    Raises:
        TimeoutError: nothing whole came in time.
        ChannelError: the other side has closed, or the frame is too long or no JSON.
    """
    (length,) = struct.unpack("!I", _exactly(source, 4, deadline))
    if length > LARGEST:
        raise ChannelError(f"a message of {length} bytes; at most {LARGEST} are taken")
    try:
        return json.loads(_exactly(source, length, deadline))
    except (ValueError, RecursionError) as error:
        raise ChannelError("a message that is no JSON") from error


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
