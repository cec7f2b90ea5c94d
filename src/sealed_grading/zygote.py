"""The warm parent inside the sandbox: imports what notebooks use, then forks one fresh child for each request.

It never sees a test or a submission. Each child gets its own user, mount, process, IPC and network namespaces. Arguments:
the number of the coordinator's socket, the limits as JSON, the sandbox's tier. The first message over the socket brings a file
that says, as JSON, what is done once for all: the modules to import, the cells with which every student's process begins, those that
every checker has at hand, and the files that they read.
"""

import contextlib
import ctypes
import decimal
import gc
import importlib
import json
import locale
import os
import platform
import random
import resource
import select
import shutil
import signal
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

gc.disable()  # what is imported stays

from . import channel, checker, codec, student, syscalls  # noqa: E402
from .names import bound  # noqa: E402
from .sandbox import ANEW, BARE, BOX, CLONE  # noqa: E402
from .shell import OF_IPYTHON, Runner  # noqa: E402

NEW = 0x00020000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000  # mount, ipc, user, pid, net
PRIVATE, BIND, NOSUID, NODEV, READONLY = 16384 | 1 << 18, 16384 | 4096, 2, 4, 1
DUMPABLE, KILLED_WITH_PARENT, DROP_BOUNDING, NO_NEW_PRIVILEGES = 4, 1, 24, 38
libc = ctypes.CDLL(None, use_errno=True)

MODULES = ("pandas", "pandas.testing", "numpy", "numpy.random")
WARM = """
import pandas as pd, numpy as np
df = pd.DataFrame({"k": ["x", "y", "x"], "v": [1, 2, 3], "b": [1.0, None, 3.0], "d": pd.to_datetime(["2020-01-01"] * 3)})
df.dropna().reset_index(drop=True); df.groupby("k")["v"].mean().to_dict(); df["d"].dt.year.value_counts(); df.sort_values("v")
df[df["k"].str.contains("x")]; pd.testing.assert_frame_equal(df, df.copy()); np.allclose(df.v, df.v)
#%%
display(df)
#%%
df
#%%
pd.testing.assert_frame_equal(df, df.assign(v=4))
#%%
assert {"a": 1}["x"] == 2
"""


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    code = [text.encode() if text else None for text in (source, target, kind, data)]
    if libc.mount(code[0], code[1], code[2], ctypes.c_ulong(flags), code[3]):
        error = ctypes.get_errno()
        raise OSError(error, f"mount {target}: {os.strerror(error)}")


def write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123  pathlib costs time in every child
        file.write(text)


def enter(limits: dict) -> None:
    """In the child: hide the others' files and processes, drop every capability, set limits."""
    mount("", "/", None, PRIVATE)
    kept = [(path, os.open(path, os.O_PATH)) for path in limits["covered"]]
    for place in ANEW:
        mount("tmpfs", place, "tmpfs", NOSUID | NODEV, f"size={limits['disk']},mode=0700")
    for path, handle in kept:  # libraries below such a place
        os.makedirs(path, exist_ok=True)  # noqa: PTH103
        mount(f"/proc/self/fd/{handle}", path, None, BIND)
        os.close(handle)
    if limits["proc"]:
        mount("proc", "/proc", "proc", NOSUID | NODEV)
    else:
        mount("tmpfs", "/proc", "tmpfs", READONLY)
    libc.prctl(KILLED_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    for capability in range(41):
        libc.prctl(DROP_BOUNDING, capability, 0, 0, 0)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")
    limit(limits, "AS", "NPROC", "CPU", "FSIZE", "NOFILE", "CORE")
    begin(BOX)


def map_user(user: int, group: int) -> None:
    """In the child: be the same user in its own namespace of users, which lets it make mounts."""
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")


def takes_proc(user: int, group: int) -> bool:
    """Return whether children may have a /proc of their own. Where the outer one is partly hidden the kernel refuses, and writes so
    into its log each time, which takes longer than all else that a child does there."""
    pid = _clone()
    if pid == 0:
        code = 1
        try:
            map_user(user, group)
            mount("", "/", None, PRIVATE)
            mount("proc", "/proc", "proc", NOSUID | NODEV)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


def enter_bare(limits: dict, folder: str) -> None:
    """In the child, in the bare tier: set limits and no more; the user's own processes count, so their number is not limited."""
    libc.prctl(KILLED_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    limit(limits, "AS", "CPU", "FSIZE", "NOFILE", "CORE")
    begin(folder)


def limit(limits: dict, *names: str) -> None:
    for name in names:
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limits[name], limits[name]))


def begin(folder: str) -> None:
    os.setsid()
    os.chdir(folder)
    begin_numbers()


def begin_numbers(seed: int | None = None) -> None:
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def unpack(files: dict[str, str]) -> None:
    """Put the submission's files, base64, into the box."""
    import base64

    for name, data in files.items():
        if folder := os.path.dirname(name):  # noqa: PTH120
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(base64.b64decode(data))


def child(runner: Runner, kind: str, sockets: list[int], shut_in: bool) -> None:
    """Be the student or the checker; returns never."""
    code = 1
    try:
        control, values = (socket.socket(fileno=number) for number in sockets)
        hello = channel.receive(control)
        begin_numbers(hello.get("seed"))
        unpack(hello["files"])
        os.environ.update(hello["environment"])
        runner.plug()
        if shut_in:
            syscalls.restrict(libc)
        gc.enable()
        {"student": student, "checker": checker}[kind].serve(runner, control, values)
    except (channel.ChannelError, OSError):
        code = 0  # the coordinator has what it wants
    finally:
        os._exit(code)


def fork(
    coordinator: socket.socket, runner: Runner, kind: str, sockets: list[int], user, group, limits, folder: str | None
) -> int:
    """Return the pid of a new child in namespaces of its own; with `folder`, in that folder and without."""
    pid = os.fork() if folder else _clone()
    if pid == 0:
        try:
            coordinator.close()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, where the grader runs in the background
            if folder:
                enter_bare(limits, folder)
            else:
                map_user(user, group)
                enter(limits)
        except BaseException as error:
            os.write(2, f"child: {error}\n".encode())
            os._exit(1)
        child(runner, kind, sockets, shut_in=not folder)
    return pid


def _thread_id_slot() -> int:
    """Return where glibc keeps the thread's id, so that a raw clone can renew it as fork does; 0 where it is not found."""
    libc.pthread_self.restype = ctypes.c_ulong
    start, mine = libc.pthread_self(), os.getpid()
    hits = [place for place in range(0, 2048, 4) if ctypes.c_int.from_address(start + place).value == mine]
    return start + hits[0] if len(hits) == 1 else 0


def _clone() -> int:
    python = ctypes.PyDLL(None, use_errno=True)
    python.syscall.restype = ctypes.c_long
    flags, machine = NEW | signal.SIGCHLD | (0x01000000 if SLOT else 0), platform.machine()
    rest = (0, 0, SLOT, 0) if machine == "x86_64" else (0, 0, 0, SLOT)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = python.syscall(ctypes.c_long(CLONE[machine]), ctypes.c_ulong(flags), *map(ctypes.c_ulong, rest))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")
    return pid


SLOT = 0


def warm(runner: Runner) -> None:
    """Run once what many notebooks run, for Python and its libraries do much only the first time."""
    for source in WARM.split("#%%\n"):
        runner.run(source)
    codec.decode(codec.encode(runner.names["df"]))
    runner.forget()


@contextlib.contextmanager
def folder_of(files: dict[str, str]):
    """Work where children will, with these files there while the block runs."""
    os.chdir(BOX)
    unpack(files)
    yield
    os.chdir(BOX)  # the block may have left it
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    os.chdir("/")


def run_ahead(runner: Runner, cells: list[str], files: dict[str, str]) -> tuple[list[dict], list[dict], set[str]]:
    """Run cells of which children will not notice that they were run here.

    Returns: what each showed, the names that each made, and why a child cannot begin after them, where it cannot.
    """
    saved, streams = [os.dup(1), os.dup(2)], (sys.stdout, sys.stderr)
    runner.plug()
    begin_numbers()  # else those who set them to a seed would leave what their first run left
    replies, made = [], []
    with folder_of(files):
        before = surroundings()
        for source in cells:
            known = dict(runner.names)
            replies.append(runner.run(source)[0])
            new = {name: value for name, value in runner.names.items() if known.get(name, known) is not value}
            own = bound(source)
            made.append({name: value for name, value in new.items() if name in own or not OF_IPYTHON.fullmatch(name)})
        after = surroundings()
    runner.outbox.descriptors.clear()
    sys.stdout, sys.stderr = streams
    for number, descriptor in enumerate(saved, start=1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    reasons = {what for what in before if before[what] != after[what]}
    if not all(reply["ok"] for reply in replies):
        reasons.add("end in an error")
    return replies, made, reasons


def begin_with(runner: Runner, told: dict) -> set[str]:
    """Have students' processes begin after their cells, and checkers have theirs at hand; return why they cannot, where they cannot.

    Raises:
        SystemExit: the cells have left something that would be so in every process.
    """

    def lasting() -> set[str]:
        now = runner.context.run(state_of_libraries, told["modules"])
        return {what for what in before if before[what] != now[what]}

    refused, before = set(), runner.context.run(state_of_libraries, told["modules"])
    left: set[str] = set()
    if told["beside"]:
        _, made, reasons = run_ahead(runner, told["beside"], told["files"])
        if "matplotlib.pyplot" in sys.modules and sys.modules["matplotlib.pyplot"].get_fignums():
            reasons.add("leave pictures open")
        if "ipywidgets" in sys.modules and sys.modules["ipywidgets"].widgets.widget._instances:
            reasons.add("make controls")
        if not reasons:
            runner.beside = made
        left |= lasting()
        runner.forget()
        refused |= reasons
    if told["once"]:
        replies, _, reasons = run_ahead(runner, told["once"], told["files"])
        runner.ahead = list(zip(told["once"], replies, strict=True))
        if reasons:
            runner.settle()
        refused |= reasons
    if left := sorted(left | lasting()):
        raise SystemExit(f"cells with the tag run-once {' and '.join(left)}, for every process")
    return refused


def surroundings() -> dict:
    """Return what cells that are run ahead leave as it is, by what they do where it is not so."""
    numbers = sys.modules["numpy"].random.get_state() if "numpy" in sys.modules else ()
    return {
        "write files": {path: path.lstat().st_mtime_ns for path in (Path(BOX), *Path(BOX).rglob("*"))},
        "change the folder that they work in": os.getcwd(),  # noqa: PTH109
        "leave files open": {handle.name for handle in Path("/proc/self/fd").iterdir() if handle.is_symlink()},
        "draw random numbers": repr((random.getstate(), [str(part) for part in numbers])),
    }


def state_of_libraries(modules: list[str]) -> dict:
    """Return what forgetting names does not undo, by what cells do that change it."""
    loaded = [(name, vars(sys.modules[name])) for name in ("builtins", *modules) if name in sys.modules]
    pandas, numpy = sys.modules["pandas"], sys.modules["numpy"]
    options = object.__getattribute__(pandas.options, "d")
    context = decimal.getcontext()
    settings = [warnings.filters, sys.getrecursionlimit(), numpy.geterr(), numpy.get_printoptions(), options, context]
    return {
        "change the environment": dict(os.environ),
        "set an option of a library": repr([*settings, locale.setlocale(locale.LC_ALL)]),
        "replace what a library does": {
            (name, key): id(value) for name, names in loaded for key, value in [*names.items()] if callable(value)
        },
    }


def have(modules: Iterable[str]) -> None:
    for module in modules:
        with contextlib.suppress(ImportError):  # it is missed where a cell imports it; or it is a name, and no module
            importlib.import_module(module)


def main(number: str, limits_text: str, tier: str) -> None:
    global SLOT
    limits = json.loads(limits_text)
    have(MODULES)
    runner = Runner()
    warm(runner)
    coordinator = socket.socket(fileno=int(number))
    _, files, _, _ = socket.recv_fds(coordinator, 16, 1)
    if not files:  # the coordinator has found that there is nothing to do
        return
    with os.fdopen(files[0]) as file:
        told = json.load(file)
    have(told["modules"])
    sys.path[0:0] = [""]
    sys.argv = ["ipykernel_launcher"]
    refused = " and ".join(sorted(begin_with(runner, told)))
    user, group = os.getuid(), os.getgid()
    SLOT = _thread_id_slot()
    if tier != BARE:
        limits["proc"] = takes_proc(user, group)
    read_end, write_end = os.pipe()
    for end in (read_end, write_end):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()
    if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
        raise SystemExit(
            f"the warm parent runs {threads} threads; a fork of it would copy one and hold the others' locks"
        )
    running = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()} - {1, os.getpid()}
    if running and tier != BARE:
        raise SystemExit("cells with the tag run-once have left processes running, which would be none of a learner's")
    coordinator.send(json.dumps({"refused": refused, "beside": bool(runner.beside)}).encode())
    running: dict[int, tuple[int, str | None]] = {}
    while True:
        ready, _, _ = select.select([coordinator, read_end], [], [])
        if read_end in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(read_end, 4096)
            reap(coordinator, running)
        if coordinator in ready:
            message, sockets, _, _ = socket.recv_fds(coordinator, 65536, 2)
            if not message:
                os._exit(0)
            request = json.loads(message)
            libc.prctl(DUMPABLE, 1, 0, 0, 0)  # else the child could not map its user
            folder = tempfile.mkdtemp() if tier == BARE else None
            pid = fork(coordinator, runner, request["kind"], sockets, user, group, limits, folder)
            libc.prctl(DUMPABLE, 0, 0, 0, 0)
            running[pid] = request["number"], folder
            handle = os.pidfd_open(pid)
            socket.send_fds(coordinator, [json.dumps({"started": request["number"]}).encode()], [handle])
            for descriptor in (handle, *sockets):
                os.close(descriptor)


def reap(coordinator: socket.socket, running: dict[int, tuple[int, str | None]]) -> None:
    while running:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if not pid:
            return
        if pid not in running:
            continue  # in the bare tier, a stray one
        number, folder = running.pop(pid)
        if folder:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)
        report = {
            "ended": number,
            "code": os.waitstatus_to_exitcode(status),
            "seconds": usage.ru_utime + usage.ru_stime,
            "kilobytes": usage.ru_maxrss,
        }
        coordinator.send(json.dumps(report).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
