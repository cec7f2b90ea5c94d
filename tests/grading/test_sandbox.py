"""The limits of a submission, each tried by going beyond it in a real sandbox."""

import contextlib
import dataclasses
import json
import os
import platform
import shutil
import time
from pathlib import Path

import pytest

from sealed_grading import memory, syscalls
from sealed_grading.channel import ChannelError
from sealed_grading.gradebook import Writer
from sealed_grading.sandbox import Limits, SandboxError, Warm, Zygote
from tools.assignments import Assignment, answered, read_answer

LIMITS = dataclasses.replace(Limits(), together=400 << 20, memory=1 << 30, file_bytes=5_000_000)


@pytest.fixture(scope="module")
def warm():
    warm = Warm(LIMITS)
    yield warm
    warm.stop()


def run(warm: Warm, *cells: str) -> tuple[list, dict]:
    """Run cells in one fresh student's process; return the reply to each, None where it had ended, and how it ended."""
    student, checker = warm.parent().pair()
    replies = []
    try:
        student.send({"files": {}, "environment": {}})
        student.limit_memory()
        for cell in cells:
            try:
                student.send({"source": cell})
                replies.append(student.receive(60))
            except ChannelError:
                replies.append(None)
    finally:
        ended = student.end()
        checker.end()
    return replies, ended


def text(reply: dict) -> str:
    return "".join(content.get("text", "") for kind, content in reply["messages"] if kind == "stream")


FORKS = """
import os
for _ in range(4):
    if os.fork() == 0:
        held = os.urandom(200 << 20)
        os._exit(0 if len(held) else 1)
ended = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(4)]
print(ended)
"""


def groups_can_be_had() -> bool:
    """An ordinary user has them only where they were delegated."""
    try:
        memory.groups(1 << 30)
    except memory.NoGroup:
        return False
    return True


def test_one_process_is_told_that_memory_is_short_and_many_are_ended(warm):
    if not groups_can_be_had():
        assert warm.memory_control.startswith("each process by itself, for want of a control group (")
        return
    assert "control group, version" in warm.memory_control
    alone = "try:\n    x = bytearray(2 << 30)\nexcept MemoryError:\n    print('told')"
    (told, forks), ended = run(warm, alone, FORKS)
    assert text(told) == "told\n" and "-9" in text(forks), "the whole keeps to its limit"
    assert ended["out of memory"] is True
    hold = "import os\nheld = [os.urandom(100 << 20) for _ in range(6)]"
    replies, ended = run(warm, "x = 1", hold, "x")
    assert replies[0]["ok"] is True and replies[1:] == [None, None] and ended["out of memory"] is True
    replies, ended = run(warm, "import os\nos._exit(3)")
    assert replies == [None] and ended["out of memory"] is False
    assert groups_left() == []


def groups_left() -> list[Path]:
    return [path for _, place in memory._places() for path in place.glob(f"sealed-grading-{os.getpid()}-*")]


def test_a_group_goes_with_its_processes_also_where_the_warm_parent_was_killed():
    warm = Warm(LIMITS)
    student, checker = warm.parent().pair()
    student.send({"files": {}, "environment": {}})
    student.limit_memory()
    warm.zygote.process.kill()
    for child in (student, checker):
        with pytest.raises(SandboxError, match="has ended"):
            child.end()
    warm.stop()
    assert groups_left() == []


def test_out_of_memory_is_a_state_of_its_own_and_what_came_before_is_graded(course):
    answers = read_answer(next(path for path in Assignment(course.name).answers if path.stem == "reference"))[1]
    answers["exercise-record"] = "import os\nheld = [os.urandom(100 << 20) for _ in range(6)]"
    course.hand_in("bomb", answered(Assignment(course.name), answers))
    verdict = course.grade("bomb", limits=LIMITS)["bomb"]
    if not groups_can_be_had():  # then each process keeps to a limit of its own, which this one does not reach
        assert verdict.state == "graded"
        return
    assert verdict.state == "out of memory" and "of memory together" in verdict.sentences[0]
    scores = verdict.scores[course.name]
    assert scores["counts-by-kind-all"] == 2 and scores["memo"] is None and scores["exercise-record-check"] == 0
    limits = json.loads(Writer(course.assignment, "full", {}).earlier()["bomb"].limits)
    assert limits["together, kept by"].startswith("control group, version")


def test_without_a_control_group_the_run_says_so_and_each_process_keeps_to_its_limit(monkeypatch):
    monkeypatch.setattr(memory, "_places", lambda: [])
    warm = Warm(LIMITS)
    try:
        assert warm.memory_control == "each process by itself, for want of a control group (the kernel shows none)"
        (told,), ended = run(warm, "try:\n    x = bytearray(2 << 30)\nexcept MemoryError:\n    print('told')")
    finally:
        warm.stop()
    assert text(told) == "told\n" and "out of memory" not in ended


def test_a_group_that_does_not_limit_is_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(memory.Group, "close", lambda group: shutil.rmtree(group.folder))
    with pytest.raises(memory.NoGroup, match="more than its group's limit"):
        memory.Groups(tmp_path, 1, 1 << 30).probe()  # a plain folder, into which one can write just as well
    (tmp_path / "cgroup.controllers").write_text("cpu io\n")
    with pytest.raises(memory.NoGroup, match="not among its controllers"):
        memory._hand_down(tmp_path)


AROUND = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def refused(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments)) == -1 and ctypes.get_errno() in (1, 38)
NEW_USER = 0x10000000
print([name for name, number in CALLS.items() if not refused(number, *([NEW_USER | 17, 0, 0, 0, 0] if "clone" in name else [NEW_USER]))])
"""
ORDINARY = """
import asyncio, multiprocessing, subprocess, tempfile, threading, ctypes
from multiprocessing import shared_memory
found = []
thread = threading.Thread(target=found.append, args=("thread",)); thread.start(); thread.join()
with multiprocessing.get_context("fork").Pool(2) as pool:
    found.append(pool.map(abs, [-1, 2]))
found.append(subprocess.run(["echo", "program"], capture_output=True, text=True).stdout.strip())
memory = shared_memory.SharedMemory(create=True, size=100); memory.close(); memory.unlink()
with tempfile.TemporaryFile() as file:
    found.append(file.write(b"disk"))
async def later():
    await asyncio.sleep(0)
    process = await asyncio.create_subprocess_exec("true")
    return await process.wait()
found.append(await later())
found.append(ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)())
print(found)
"""


def test_calls_that_get_round_a_limit_are_refused_and_ordinary_ones_are_not(warm):
    which = list(syscalls.ARCHITECTURES).index(platform.machine())
    calls = {name: numbers[which] for name, numbers in syscalls.REFUSED.items()}
    calls |= {"clone": syscalls.CLONE[which], "clone3": syscalls.CLONE3[which]}
    (around, ordinary), _ = run(warm, f"CALLS = {calls}\n{AROUND}", ORDINARY)
    assert text(around) == "[]\n", "these were let through"
    assert text(ordinary) == "['thread', [1, 2], 'program', 4, 0, 7]\n", ordinary


FLOODS = {
    "import os\nfor _ in range(100): os.write(1, b'x' * 1_000_000)": "File too large",
    "import subprocess\nsubprocess.run('yes; echo $?', shell=True, check=True)": "left out",
    "for _ in range(100): print('y' * 1_000_000)": "left out",
    "from IPython.display import HTML\nfor _ in range(9): display(HTML('z' * 300_000), metadata={'a': 'm' * 20_000_000})": "left out",
    "raise type('E' * 10**7, (Exception,), {})('\\U0001F600' * 10**6)": "E" * 200,
    "for _ in range(300):\n    try: 1 / 0\n    except Exception: get_ipython().showtraceback()": "ZeroDivisionError",
    "print('the next cell has its own share')": "its own share",
}


def test_output_is_limited_while_it_streams(warm):
    replies, ended = run(warm, *FLOODS)
    for reply, words in zip(replies, FLOODS.values(), strict=True):
        assert reply is not None, f"ended the process: {words}"
        assert words in str(reply["messages"]), words
        assert len(json.dumps(reply)) < 13_000_000
    assert ended["kilobytes"] < 1_000_000


def test_a_warm_parent_that_is_stopped_while_it_begins_leaves_no_process():
    limits = dataclasses.replace(LIMITS, cpu_seconds=7321)  # to be known by
    for step in range(20):
        begun = Zygote(limits)
        time.sleep(step / 2000)
        begun.stop()
    end, left = time.monotonic() + 10, [True]
    while left and time.monotonic() < end:
        left = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                left += [path] * (b'"CPU": 7321' in path.read_bytes())
    assert not left
