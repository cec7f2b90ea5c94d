"""A limit on the memory of all processes of a submission together: a control group for each, where one can be had.

A limit that the kernel keeps for one process (RLIMIT_AS) does not cap the sum of many.
"""

import contextlib
import itertools
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROBE = 32 << 20  # bytes that a program may use while it is found out whether the limit holds
WAIT = 10  # seconds for the probe, and for a group to be empty
NAMES = {  # the limit, a limit that also counts what was swapped out, where a killing is counted
    1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control"),
    2: ("memory.max", "memory.swap.max", "memory.events"),
}


class NoGroup(Exception):
    """No control group for memory can be had here; the message says why."""


@dataclass
class Group:
    """The control group of one submission."""

    folder: Path
    version: int

    def add(self, process: int) -> None:
        """Put a process into it; what that process starts from now on is in it too."""
        (self.folder / "cgroup.procs").write_text(str(process))

    def overstepped(self) -> bool:
        """Return whether the kernel has killed a process of it because the limit was reached."""
        counted = (self.folder / NAMES[self.version][2]).read_text()
        found = re.search(r"^oom_kill (\d+)", counted, re.MULTILINE)
        return bool(found) and int(found[1]) > 0

    def close(self) -> None:
        """Remove it, when its last process has ended."""
        end = time.monotonic() + WAIT
        while True:
            try:
                return self.folder.rmdir()
            except FileNotFoundError:
                return None
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)


NUMBERS = itertools.count()  # of the groups of this process, whoever makes them


@dataclass
class Groups:
    """Makes groups of one limit, in bytes, below a folder that may be written."""

    folder: Path
    version: int
    limit: int

    @property
    def words(self) -> str:
        """What is written down about a run."""
        return f"control group, version {self.version}"

    def make(self, limit: int | None = None) -> Group:
        group = Group(self.folder / f"sealed-grading-{os.getpid()}-{next(NUMBERS)}", self.version)
        group.folder.mkdir()
        most, with_swap, _ = NAMES[self.version]
        limit = limit or self.limit
        try:
            (group.folder / most).write_text(str(limit))
            with contextlib.suppress(OSError):  # a kernel that counts no swap
                (group.folder / with_swap).write_text(str(limit if self.version == 1 else 0))
        except OSError:
            group.close()
            raise
        return group

    def probe(self) -> None:
        """Run a program that takes more than it may, and see it killed.

        Raises:
            NoGroup: it was not.
        """
        self.sweep()
        group = self.make(PROBE)
        program = [sys.executable, "-I", "-S", "-c", f"input(); bytearray({4 * PROBE}); print('lived')"]
        try:
            with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                try:
                    group.add(process.pid)
                    said, _ = process.communicate(b"\n", WAIT)
                finally:
                    process.kill()
            if said or not group.overstepped():
                raise NoGroup("a program could use more than its group's limit")
        except subprocess.TimeoutExpired:
            raise NoGroup("a program neither ended nor was ended") from None
        finally:
            group.close()

    def sweep(self) -> None:
        """Remove what a run that was killed has left."""
        for folder in self.folder.glob("sealed-grading-*-*"):
            if not Path("/proc", folder.name.split("-")[2]).exists():
                with contextlib.suppress(OSError):
                    folder.rmdir()


def groups(limit: int) -> Groups:
    """Return where groups of `limit` bytes can be made, tried out.

    Raises:
        NoGroup: nowhere.
    """
    reasons = []
    for version, folder in _places():
        found = Groups(folder, version, limit)
        try:
            if version == 2:
                _hand_down(folder)
            found.probe()
            return found
        except (OSError, NoGroup) as error:
            reasons.append(f"version {version}: {error}")
    raise NoGroup("; ".join(reasons) or "the kernel shows none")


def _places() -> list[tuple[int, Path]]:
    """Return the folders of the groups that this process is in, with the version of each."""
    mine = {}
    try:
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            mine[2 if not controllers else 1 if "memory" in controllers.split(",") else 0] = path
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:  # not Linux
        return []
    found = []
    for words in mounts:
        root, place, kind, options = words[3], words[4], *words[words.index("-") + 1 :: 2]
        version = 2 if kind == "cgroup2" else 1 if kind == "cgroup" and "memory" in options.split(",") else 0
        if version and version in mine:
            inside = os.path.relpath(mine[version], root) if mine[version].startswith(root) else "."
            folder = Path(place, inside).resolve()
            found.append((version, folder if folder.is_dir() else Path(place)))
    return sorted(found, reverse=True)


def _hand_down(folder: Path) -> None:
    """See that groups below `folder` can limit memory (version 2): it may then hold no process itself, so this one moves down.

    Raises:
        NoGroup: the controller is not there, or other processes share the group.
    """
    if "memory" not in (folder / "cgroup.controllers").read_text().split():
        raise NoGroup("memory is not among its controllers")
    switch = folder / "cgroup.subtree_control"
    if "memory" in switch.read_text().split():
        return
    below = folder / f"sealed-grading-{os.getpid()}"
    below.mkdir()
    try:
        (below / "cgroup.procs").write_text(str(os.getpid()))
        switch.write_text("+memory")
    except OSError as error:
        (folder / "cgroup.procs").write_text(str(os.getpid()))
        below.rmdir()
        raise NoGroup(
            f"others share this group ({error}); start it with: systemd-run --user --scope -p Delegate=yes sealed-grading …"
        ) from None
