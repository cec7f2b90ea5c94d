"""The sandbox as the coordinator sees it: bubblewrap around a warm parent, and the children that it forks."""

import ast
import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import channel

NOBODY = 65534
SYSTEM = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives", "/etc/passwd", "/etc/group")
MODULES = "pandas,pandas.testing,numpy,numpy.random"
START = 60  # seconds that the warm parent may take


class SandboxError(RuntimeError):
    """The sandbox could not be made; the message says what is missing and how to get it."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    cell_seconds: float = 60
    submission_seconds: float = 300
    memory: int = 4 << 30  # bytes of address space of one process
    processes: int = 64
    cpu_seconds: int = 120
    file_bytes: int = 50_000_000
    disk_bytes: int = 64 << 20  # of each of /box, /tmp, /dev/shm

    def for_child(self) -> dict[str, int]:
        return {
            "AS": self.memory,
            "NPROC": self.processes,
            "CPU": self.cpu_seconds,
            "FSIZE": self.file_bytes,
            "NOFILE": 256,
            "CORE": 0,
            "disk": self.disk_bytes,
        }


def library_folders() -> list[Path]:
    """Return the folders that Python imports from here: the environment, its interpreter, and editable packages alone."""
    found = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parent}
    for entry in map(Path, sys.path):
        if entry.name != "site-packages":
            continue
        found.add(entry)
        for finder in entry.glob("__editable___*_finder.py"):
            for node in ast.parse(finder.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "MAPPING":
                    found |= {Path(folder) for folder in ast.literal_eval(node.value).values()}
    return sorted(path for path in found if path.exists() and not str(path).startswith("/usr"))


def command(number: int, limits: Limits) -> list[str]:
    """Return the command line of the warm parent; `number` is its end of the socket."""
    if not shutil.which("bwrap"):
        raise SandboxError(
            "bubblewrap is missing, and without it a submission could do whatever you can. Install it: apt-get install bubblewrap"
        )
    root = os.getuid() == 0
    variables = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
        "NBGRADER_EXECUTION": "autograde",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    words = ["bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", *([] if root else ["--unshare-user"])]
    for name, value in variables.items():
        words += ["--setenv", name, value]
    words += ["--perms", "1777", "--tmpfs", "/tmp"]
    for name in ("bin", "sbin", "lib", "lib64"):
        if (path := Path("/", name)).is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            words += ["--ro-bind", str(path), str(path)]
    places = [Path(place) for place in (*SYSTEM, *library_folders()) if Path(place).exists()]
    for folder in sorted({parent for place in places for parent in place.parents if parent != Path("/")}):
        if folder != Path("/usr"):
            words += [
                "--perms",
                "0755",
                "--dir",
                str(folder),
            ]  # bubblewrap's own choice, 0700, shuts out the user below
    for place in places:
        words += ["--ro-bind", str(place), str(place)]
    words += [
        "--dir",
        "/box",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--remount-ro",
        "/dev",
        "--remount-ro",
        "/",
        "--chdir",
        "/",
    ]
    if root:
        words += ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    program = [sys.executable, "-m", f"{__package__}.zygote", str(number), MODULES, json.dumps(limits.for_child())]
    return [*words, *program]


class Zygote:
    """A running warm parent."""

    def __init__(self, limits: Limits):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket, self.dead = ours, False
        self.words = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        self.process = subprocess.Popen(
            command(theirs.fileno(), limits),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.words,
        )
        theirs.close()
        self.socket.settimeout(START)
        try:
            ready = self.socket.recv(65536)
        except TimeoutError:
            ready = b""
        if not ready:
            self.stop()
            self.words.seek(0)
            raise SandboxError(f"the sandbox did not start:\n{self.words.read().decode(errors='replace').strip()}")
        self.socket.settimeout(None)
        self.numbers = itertools.count()
        self.started: dict[int, int] = {}
        self.ended: dict[int, dict] = {}
        self.news, self.sending = threading.Condition(), threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                message, handles, _, _ = socket.recv_fds(self.socket, 65536, 1)
            except OSError:
                message = b""
            with self.news:
                if not message:
                    self.dead = True
                    self.news.notify_all()
                    return
                report = json.loads(message)
                if "started" in report:
                    self.started[report["started"]] = handles[0]
                else:
                    self.ended[report["ended"]] = report
                self.news.notify_all()

    def wait(self, place: dict[int, Any], number: int) -> Any:
        with self.news:
            while number not in place:
                if self.dead:
                    raise SandboxError("the warm parent has ended")
                self.news.wait(5)
            return place.pop(number)

    def fork(self, kind: str, values: socket.socket) -> "Child":
        ours, theirs = socket.socketpair()
        number = next(self.numbers)
        request = json.dumps({"kind": kind, "number": number}).encode()
        with self.sending:
            socket.send_fds(self.socket, [request], [theirs.fileno(), values.fileno()])
        theirs.close()
        values.close()
        return Child(self, number, ours)

    def pair(self) -> tuple["Child", "Child"]:
        """Return a fresh student's process and a fresh checker, joined by a socket for values."""
        one, other = socket.socketpair()
        return self.fork("student", one), self.fork("checker", other)

    def stop(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()


@dataclass
class Child:
    """One process of one submission, and all that it starts."""

    zygote: Zygote
    number: int
    control: socket.socket
    handle: int | None = field(default=None)

    def send(self, message: Any) -> None:
        self.control.settimeout(10)
        try:
            channel.send(self.control, message)
        except OSError as error:
            raise channel.ChannelError("the process has ended") from error

    def receive(self, seconds: float) -> Any:
        return channel.receive(self.control, time.monotonic() + seconds)

    def signal(self, which: signal.Signals) -> None:
        if self.handle is None:
            self.handle = self.zygote.wait(self.zygote.started, self.number)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, which)

    def end(self) -> dict:
        """Kill it with all of its processes; return how it ended and what it used."""
        self.control.close()
        self.signal(signal.SIGKILL)
        os.close(self.handle)
        return self.zygote.wait(self.zygote.ended, self.number)
