"""The sandbox as the coordinator sees it: bubblewrap around a warm parent, and the children that it forks."""

import ast
import contextlib
import itertools
import json
import os
import platform
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

from . import channel, memory

NOBODY = 65534
SYSTEM = ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives", "/etc/passwd", "/etc/group")
START = 60  # seconds that the warm parent may take
CLONE = {"x86_64": 56, "aarch64": 220}  # the number of the system call clone, by machine
PATIENCE = 60  # seconds that it may take to fork a child, or to see one end
BOX = "/box"  # where notebooks are run
ANEW = ("/tmp", "/dev/shm", BOX)  # each child has its own, empty
FULL, BARE = "full", "bare"
TIERS = {
    FULL: "bubblewrap and namespaces for each submission: no network, no file but its own, limits on all that it uses",
    BARE: "processes with limits and no more: a submission can read and delete what you can, and use the network. "
    "Only for work that you wrote yourself.",
}


class SandboxError(RuntimeError):
    """The sandbox could not be made; the message says what is missing and how to get it."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    cell_seconds: float = 60
    submission_seconds: float = 300
    memory: int = 2 << 30  # bytes of address space of one process: so one alone is told, and can go on
    together: int = 2 << 30  # bytes of memory of all of the student's processes, where there is a control group
    processes: int = 64
    cpu_seconds: int = 120
    file_bytes: int = 50_000_000
    disk_bytes: int = 64 << 20  # of each of /box, /tmp, /dev/shm

    def for_child(self) -> dict:
        """Return the limits by the kernel's names, and what must not be lost where a child's own folders are laid over it."""
        return {
            "AS": self.memory,
            "NPROC": self.processes,
            "CPU": self.cpu_seconds,
            "FSIZE": self.file_bytes,
            "NOFILE": 256,
            "CORE": 0,
            "disk": self.disk_bytes,
            "covered": [str(path) for path in library_folders() if str(path).startswith(tuple(f"{p}/" for p in ANEW))],
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


def missing() -> list[str]:
    """Return what this machine lacks for the full tier as far as files tell, a sentence each with the way out."""
    found = []
    if sys.platform != "linux":
        return [f"The full tier needs Linux, and this is {sys.platform}. Grade in a virtual machine with Linux."]
    if platform.machine() not in CLONE:
        found.append(f"It is made for {' and '.join(CLONE)}, and this is {platform.machine()}.")
    for name, package in (("bwrap", "bubblewrap"), ("setpriv", "util-linux")):
        if not shutil.which(name) and (name == "bwrap" or os.getuid() == 0):
            found.append(f"{name} is missing; on Debian and Ubuntu: apt-get install {package}")
    for name, bad in SWITCHES.items():
        path = Path("/proc/sys", name.replace(".", "/"))
        if path.is_file() and path.read_text().strip() == bad:
            found.append(f"The kernel does not let users make namespaces; as root: sysctl -w {SWITCHES_ON[name]}")
    return found


SWITCHES = {
    "user.max_user_namespaces": "0",
    "kernel.unprivileged_userns_clone": "0",
    "kernel.apparmor_restrict_unprivileged_userns": "1",
}
SWITCHES_ON = {
    "user.max_user_namespaces": "user.max_user_namespaces=10000",
    "kernel.unprivileged_userns_clone": "kernel.unprivileged_userns_clone=1",
    "kernel.apparmor_restrict_unprivileged_userns": "kernel.apparmor_restrict_unprivileged_userns=0",
}


def command(number: int, limits: Limits, tier: str) -> list[str]:
    """Return the command line of the warm parent; `number` is its end of the socket."""
    program = [
        sys.executable,
        "-m",
        f"{__package__}.zygote",
        str(number),
        json.dumps(limits.for_child()),
        tier,
    ]
    return program if tier == BARE else [*bubblewrap(), *program]


def variables() -> dict[str, str]:
    """Return the whole environment of the processes that run submissions and tests."""
    return {
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


def bubblewrap() -> list[str]:
    """Return the words before the warm parent's command that shut it in; as root, it becomes nobody."""
    root = os.getuid() == 0
    words = ["bwrap", "--die-with-parent", "--new-session", "--clearenv"]
    words += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", *([] if root else ["--unshare-user"])]
    for name, value in variables().items():
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
        "--perms",
        "1777",
        "--tmpfs",
        BOX,
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
    return words


class Zygote:
    """A running warm parent: begun when it is made, so that it imports libraries while its maker does; `warm` makes it ready."""

    def __init__(self, limits: Limits, tier: str = FULL):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.groups: memory.Groups | None = None
        self.socket, self.dead, self.reader = ours, False, None
        self.words = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        self.reading = threading.RLock()
        try:
            self.process = subprocess.Popen(
                command(theirs.fileno(), limits, tier),
                pass_fds=[theirs.fileno()],
                env=variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.words,
                process_group=0,
            )
        except OSError as error:
            ours.close()
            raise SandboxError(f"the sandbox did not start: {error}") from None
        finally:
            theirs.close()

    def warm(self, warm_up: dict | None = None, groups: memory.Groups | None = None) -> "Zygote":
        """Tell it what is done once for all, and return it when that is done.

        Raises:
            SandboxError: it has ended, or did not end that in time.
        """
        self.groups = groups
        self.socket.settimeout(START)
        try:
            with tempfile.TemporaryFile() as told:  # a message would have to be small
                told.write(json.dumps(warm_up or {"modules": [], "files": {}, "once": [], "beside": []}).encode())
                told.seek(0)
                socket.send_fds(self.socket, [b"warm"], [told.fileno()])
            ready = self.socket.recv(65536)
        except OSError:
            ready = b""
        if not ready:
            self.stop()
            raise SandboxError(f"the sandbox did not start: {self.said()}")
        report = json.loads(ready)
        self.refused = report["refused"]  # why cells that were to be run once are not
        self.beside = report["beside"]  # whether checkers begin after those of the tests
        self.socket.settimeout(None)
        self.numbers = itertools.count()
        self.started: dict[int, int] = {}
        self.ended: dict[int, dict] = {}
        self.news, self.sending = threading.Condition(), threading.Lock()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

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

    def said(self) -> str:
        """Return the last of what it wrote on its standard error."""
        with self.reading:  # of several threads that find it dead, one closes the file
            if not self.words.closed:
                self.words.seek(0)
                self.last = self.words.read().decode(errors="replace").strip()[-2000:]
            return self.last

    def wait(self, place: dict[int, Any], number: int) -> Any:
        end = time.monotonic() + PATIENCE
        with self.news:
            while number not in place:
                if self.dead:
                    raise SandboxError(f"the warm parent has ended: {self.said()}")
                if time.monotonic() > end:
                    self.process.kill()
                    raise SandboxError(f"the warm parent gave no answer in {PATIENCE} seconds")
                self.news.wait(5)
            return place.pop(number)

    def fork(self, kind: str, values: socket.socket) -> "Child":
        ours, theirs = socket.socketpair()
        number = next(self.numbers)
        request = json.dumps({"kind": kind, "number": number}).encode()
        try:
            with self.sending:
                socket.send_fds(self.socket, [request], [theirs.fileno(), values.fileno()])
        except OSError as error:
            ours.close()
            raise SandboxError(f"the warm parent has ended: {self.said()}") from error
        finally:
            theirs.close()
            values.close()
        return Child(self, number, ours)

    def pair(self) -> tuple["Child", "Child"]:
        """Return a fresh student's process and a fresh checker, joined by a socket for values."""
        one, other = socket.socketpair()
        return self.fork("student", one), self.fork("checker", other)

    def stop(self) -> None:
        if self.process.poll() is None:  # the group, for bubblewrap's child does not end with it while it is being made
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.reader:
            self.reader.join(5)
        self.socket.close()
        with self.reading:
            self.said()
            self.words.close()


PROBE = """
import os, socket, resource
assert os.getuid() != 0, "it runs as root"
assert not [name for name in HIDDEN if os.path.exists(name)], "it sees the course"
assert os.getpid() == 1, "it sees other processes"
assert resource.getrlimit(resource.RLIMIT_NPROC)[0] == PROCESSES, "it may start any number of processes"
assert [name for _, name in socket.if_nameindex()] in ([], ["lo"]), "it has a network"
for place in ("/usr", "/etc", os.path.dirname(os.__file__)):
    assert not os.access(place, os.W_OK), f"it may write into {place}"
assert sorted(os.listdir()) == [], "it is not alone in its folder"
assert not [name for name in LIBRARIES if not os.path.exists(name)], "it lacks Python's libraries"
"""


class Warm:
    """A warm parent at a tier, and a new one whenever it has ended; `begun` is the first, where it was begun before."""

    def __init__(self, limits: Limits, tier: str = FULL, warm_up: dict | None = None, begun: Zygote | None = None):
        self.tier, self.lock, self.stopped = tier, threading.Lock(), False
        self.limits, self.warm_up, self.remark = limits, warm_up, ""
        nothing = {"once": [], "beside": []}
        if warm_up and tier == BARE:
            # Each process has a folder of its own name, which what is run ahead could not know.
            self.warm_up = warm_up | nothing
        self.groups, self.memory_control = None, "each process by itself"
        try:
            if tier == FULL:
                self.groups = memory.groups(limits.together)
                self.memory_control = self.groups.words
        except memory.NoGroup as reason:
            self.memory_control += f", for want of a control group ({reason})"
        try:
            self.zygote = (begun or Zygote(limits, tier)).warm(self.warm_up, self.groups)
        except SandboxError as error:
            if not self.warm_up:
                raise
            self.warm_up = warm_up | nothing
            self.zygote = Zygote(limits, tier).warm(self.warm_up, self.groups)
            self.remark = f"Nothing is run ahead, and every submission takes longer: {error}"
        if self.zygote.refused:
            self.remark = (
                f"The cells with the tag run-once are run anew for every learner, for they {self.zygote.refused}."
            )

    def parent(self) -> Zygote:
        """Return it, running.

        Raises:
            SandboxError: no new one could be made, or all was stopped.
        """
        with self.lock:
            if self.stopped:
                raise SandboxError("the run was stopped")
            if self.zygote.dead or self.zygote.process.poll() is not None:
                self.zygote.stop()
                self.zygote = Zygote(self.limits, self.tier).warm(self.warm_up, self.groups)
            return self.zygote

    def stop(self) -> None:
        """End it with all that it has forked, for good."""
        with self.lock:
            self.stopped = True
            self.zygote.stop()

    def probe(self, hidden: list[Path]) -> None:
        """Run code in a child that finds out whether the tier is what it says; `hidden` are paths that it must not see.

        Raises:
            SandboxError: no child could be made, or it is not shut in.
        """
        child, other = self.zygote.pair()
        try:
            child.send({"files": {}, "environment": {}})
            libraries = library_folders()
            secret = [path for path in hidden if not any(library.is_relative_to(path) for library in libraries)]
            code = f"HIDDEN = {[str(path) for path in secret]}\nPROCESSES = {self.limits.processes}\n"
            code += f"LIBRARIES = {[str(path) for path in libraries]}\n"
            child.limit_memory()
            child.send({"source": code + (PROBE if self.tier == FULL else "")})
            reply = child.receive(START)
        except (channel.ChannelError, TimeoutError) as error:
            raise SandboxError(f"no process could be made in the sandbox ({error}): {self.zygote.said()}") from None
        finally:
            child.end()
            other.end()
        if reply["ok"] is not True:
            shown = [content["evalue"] for kind, content in reply["messages"] if kind == "error"]
            raise SandboxError(f"a process in the sandbox is not shut in: {'; '.join(shown)}")


def start(limits: Limits, tier: str, hidden: list[Path], warm_up: dict, begun: Zygote | None = None) -> Warm:
    """Return a warm parent that was seen to be of this tier; `begun` as for `Warm`.

    Raises:
        SandboxError: the machine cannot do it; the message says what to install or to switch.
    """
    lacks = missing() if tier == FULL else []
    warm = None
    try:
        if lacks and not shutil.which("bwrap"):
            raise SandboxError("bubblewrap shuts submissions in, and it is not here")
        warm = Warm(limits, tier, warm_up, begun)
        warm.probe(hidden)
    except SandboxError as error:
        if warm:
            warm.stop()
        raise SandboxError("\n  ".join([str(error), *lacks])) from None
    return warm


@dataclass
class Child:
    """One process of one submission, and all that it starts."""

    zygote: Zygote
    number: int
    control: socket.socket
    handle: int | None = field(default=None)
    group: memory.Group | None = field(default=None)

    def send(self, message: Any, *bodies: bytes) -> None:
        self.control.settimeout(10)
        try:
            channel.send(self.control, message, *bodies)
        except OSError as error:
            raise channel.ChannelError("the process has ended") from error

    def receive(self, seconds: float) -> Any:
        return channel.receive(self.control, time.monotonic() + seconds)

    def started(self) -> int:
        """Return the handle of its process, when there is one."""
        if self.handle is None:
            self.handle = self.zygote.wait(self.zygote.started, self.number)
        return self.handle

    def limit_memory(self) -> None:
        """Put it into a control group of its own, where there are such; to be called before it runs anything of the submission."""
        if not self.zygote.groups:
            return
        about = Path(f"/proc/self/fdinfo/{self.started()}").read_text()
        process = next(line.split()[1] for line in about.splitlines() if line.startswith("Pid:"))
        try:
            self.group = self.zygote.groups.make()
            self.group.add(int(process))
        except OSError as error:
            raise SandboxError(f"no control group for the process: {error}") from error

    def signal(self, which: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.started(), which)

    def kill(self) -> None:
        """Have it ended with all of its processes, without waiting for that."""
        self.control.close()
        with contextlib.suppress(SandboxError):  # the warm parent has ended, and its children with it
            self.signal(signal.SIGKILL)

    def end(self) -> dict:
        """Kill it with all of its processes; return how it ended and what it used."""
        self.kill()
        if self.handle is not None:
            os.close(self.handle)
        try:
            ended = self.zygote.wait(self.zygote.ended, self.number)
            if self.group:
                ended["out of memory"] = self.group.overstepped()
        finally:
            if self.group:
                self.group.close()
        return ended
