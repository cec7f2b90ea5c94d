"""Run one rebuilt notebook: answer cells in the student's process, tests in the checker, interleaved as they stand."""

import base64
import re
import signal
import time
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nbformat import NotebookNode

from .channel import ChannelError
from .controls import HEADING, titled
from .course import LEARNER_ONLY, SCREEN_ONLY, TESTS_ONLY, Original
from .intake import is_own
from .names import bound, changed, plain, sets_up
from .prepared import for_checker
from .sandbox import Limits, SandboxError, Zygote

STUDENT, CHECKER, BOTH, TEST = "student", "checker", "both", "test"
GRADED, TIMED_OUT, OUT_OF_MEMORY, CRASHED = "graded", "timed out", "out of memory", "crashed"
WIDGET = "application/vnd.jupyter.widget-view+json"  # the number of a control that has ended with its process
NOT_SEEN = "NotSeen"  # the error of a test that was given what does not cross
NOT_RUN = "NotRun"  # the error of a cell that was not run, and of a test that an ended process gave no answer
DEEPEST = 100  # levels of JSON that a cell shows: programs that read notebooks do it by recursion
GRACE = 5  # seconds between the sign to stop and the end: on a busy machine a traceback takes some


@dataclass
class Run:
    """What came of it: the cells in place hold their outputs."""

    state: str = GRADED
    sentence: str = "All cells ran."
    scores: dict[str, float] = field(default_factory=dict)  # by grade_id, tests only
    seconds: dict[str, float] = field(default_factory=dict)
    changed: dict[str, set[str]] = field(
        default_factory=dict
    )  # names that answers changed, by answer, where it was watched
    unseen: dict[str, str] = field(
        default_factory=dict
    )  # by test that was not passed: what of the answer it could not look at


def roles(original: Original, notebook: NotebookNode) -> list[tuple[NotebookNode, str, str]]:
    """Return the code cells that are run in order, each with its role and the instructor's source of it; the checker runs no other.

    A cell for the screen or for tests only is run in the student's process where an answer names something that it makes.
    """
    released = {
        cell.get("id"): cell.source
        for cell in original.released.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade_id") not in original.cells
    }
    shown = {cell.get("id"): cell.source for cell in learner_only(original)}
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        known = original.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if cell.get("id") in shown:
            role, theirs = STUDENT, shown[cell.get("id")]
        elif known is None:
            theirs = released.get(cell.get("id"))
            role = STUDENT if theirs is None else BOTH
        else:
            theirs = known.source
            role = TEST if known.is_test else BOTH if known.locked else STUDENT
        if role == BOTH and not cell.source.strip():
            # The learner's. Tests need what the instructor's makes all the same.
            role = CHECKER if theirs.strip() else STUDENT
        found.append((cell, role, theirs))
    spared = dict(sparing(original))
    needed = [cell.source for cell, role, _ in found if role != TEST and cell.get("id") not in spared]
    for source in needed:  # it grows: what is needed may itself name what another such cell makes
        named = set(re.findall(r"\w+", source))
        for cell, _, theirs in found:
            makes = changed if spared.get(cell.get("id")) else bound  # controls call what every notebook names
            if cell.get("id") in spared and makes(theirs) & named:
                del spared[cell.get("id")]
                needed.append(theirs)
    return [
        (cell, spared.get(cell.get("id"), role), theirs)
        for cell, role, theirs in found
        if spared.get(cell.get("id"), role)
    ]


def shared(original: Original, cells: list[tuple[NotebookNode, str, str]]) -> dict[str, str]:
    """Return what a later cell of the learner's names of each test's released text: imports, definitions and plain values, which
    a notebook in Jupyter has from the test on."""
    found, named = {}, set()
    for cell, role, _ in reversed(cells):
        if role == TEST and named:
            name = cell.metadata.nbgrader.grade_id
            text = [each for each, binds in sets_up(original.released_sources.get(name, "")) if named & binds]
            if text:
                found[name] = "\n".join(text)
        elif role == STUDENT:
            named.update(re.findall(r"\w+", cell.source))
    return found


@cache
def sparing(original: Original) -> dict[str, str | None]:
    """Return the ids of the released cells that the student's process can do without, each with the role that is left."""
    return {
        cell.get("id"): CHECKER if TESTS_ONLY in tags else None
        for cell in original.released.cells
        if _ungraded(cell) and {SCREEN_ONLY, TESTS_ONLY} & (tags := set(cell.metadata.get("tags", [])))
    }


@cache
def learner_only(original: Original) -> list[NotebookNode]:
    """Return the released cells that set something up and are not run beside the tests, for their author says that no test needs it."""
    return [
        cell
        for cell in original.released.cells
        if _ungraded(cell) and {LEARNER_ONLY, SCREEN_ONLY} & set(cell.metadata.get("tags", []))
    ]


def _ungraded(cell: NotebookNode) -> bool:
    """Return whether a released cell is code that neither is graded nor answered."""
    about = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and not any(about.get(mark) is True for mark in ("grade", "solution", "task"))


def prepare(original: Original) -> None:
    """Do what can be done to the instructor's cells once for all submissions."""
    released = [cell.source for cell in original.released.cells if cell.cell_type == "code"]
    for source in released + [cell.source for cell in original.cells.values() if cell.kind == "code"]:
        for_checker(source)


@cache
def own(original: Original) -> set[str]:
    """Return the names that the instructor's cells make which are not run beside the tests."""
    return set().union(*(changed(cell.source) for cell in learner_only(original)))


def execute(
    zygote: Zygote,
    original: Original,
    notebook: NotebookNode,
    files: dict[str, bytes],
    student_id: str,
    limits: Limits,
    watch: bool = False,
) -> Run:
    """Run the notebook in two fresh processes and return the run; `watch` what its answers change."""
    began, run = time.monotonic(), Run()
    student, checker = zygote.pair()
    try:
        seed = zlib.crc32(
            f"{original.name} {student_id}".encode()
        )  # set-up cells draw the same on both sides, and each time
        packed = {name: base64.b64encode(data).decode() for name, data in files.items()}
        for child, environment in ((student, {}), (checker, {"STUDENT_ID": student_id})):
            child.send({"files": packed, "environment": environment, "seed": seed})
        ready = {source: number for number, source in enumerate(original.beside_tests_once)} if zygote.beside else {}
        checker.send({"own": sorted(own(original)), "imports": original.imports})
        student.limit_memory()  # while both unpack the files, for the kernel takes its time
        pair = Pair(
            student,
            checker,
            run,
            limits,
            began + limits.submission_seconds,
            ready,
            original.may_replace,
            called(notebook),
        )
        pair.watch, cells = watch, roles(original, notebook)
        pair.shared = shared(original, cells)
        pair.cells(cells)
    finally:
        checker.kill()  # so that the two end together
        ended = student.end()
        checker.end()
        if ended.get("out of memory") and run.state != TIMED_OUT:
            most = f"{limits.together / (1 << 30):g} GiB"
            run.state = OUT_OF_MEMORY
            run.sentence = (
                f"The notebook's processes needed more than {most} of memory together, and one of them was ended."
            )
        run.seconds = {"wall": time.monotonic() - began, "student": ended.get("seconds", 0.0)}
    return run


def called(notebook: NotebookNode) -> dict[int, str]:
    """Return what a sentence calls each code cell of a rebuilt notebook, by the cell's `id()`."""
    found, below = {}, ""
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code":
            name = about.get("grade_id")
            found[id(cell)] = f"The cell {name}" if name else f"A cell{' of your own' * is_own(cell)}{below}"
        elif not (is_own(cell) or about.get("solution")) and (heading := HEADING.search(cell.source)):
            below = f" below the heading {titled(heading)!r}"
    return found


@dataclass
class Pair:
    """The two processes of one submission while they run."""

    student: Any
    checker: Any
    run: Run
    limits: Limits
    deadline: float
    ready: dict[str, int]  # the cells that were run ahead for the checker, with their number there
    given: dict[str, frozenset[str]]  # the names that each answer may replace
    called: dict[int, str]
    shared: dict[str, str] = field(default_factory=dict)
    watch: bool = False
    last_answer: str = ""
    renewed: set[str] | None = None  # those of answers since the last check, where there was one
    alive: bool = True
    ended_in: str = ""  # the check in which the student's process seems to have ended

    def cells(self, cells: list[tuple[NotebookNode, str, str]]) -> None:
        for cell, role, source in cells:
            if role in (STUDENT, BOTH):
                self.answer(cell, source)
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if name in self.given:
                    self.last_answer = name
                    self.note(name)
                    self.renewed = (self.renewed or set()) | self.given[name]
            if role in (BOTH, CHECKER):
                self.check(None, source)
            elif role == TEST:
                self.check(cell, source)
                self.note(self.last_answer)
                self.run_shared(cell.metadata.nbgrader.grade_id)
            if role in (BOTH, TEST):
                self.note("")

    def run_shared(self, test: str) -> None:
        """Have the student's process run what of a test's released text later cells of the notebook name."""
        if self.alive and test in self.shared:
            try:
                self.student.send({"source": self.shared[test]})
                self.student.receive(self.left())
            except Exception:  # whatever comes from the student's process and is no reply
                self.alive = False
                self.student.signal(signal.SIGKILL)
                self.stop(
                    CRASHED, f"The process that the notebook ran in ended, or did not answer, after the check {test}."
                )

    def note(self, answer: str) -> None:
        """Where the run is watched, note what has changed as the doing of `answer`, or of none."""
        if self.watch and self.alive:
            self.student.send({"source": "", "watch": True})
            changed = self.student.receive(self.left())["changed"]
            if answer:
                self.run.changed.setdefault(answer, set()).update(changed)

    def left(self) -> float:
        return max(0.1, min(self.limits.cell_seconds, self.deadline - time.monotonic()))

    def stop(self, state: str, sentence: str) -> None:
        if self.run.state == GRADED:
            self.run.state, self.run.sentence = state, sentence
        if state != TIMED_OUT or not self.alive:
            self.alive = False

    def answer(self, cell: NotebookNode, source: str | None) -> None:
        """Run a cell in the student's process; `source` is the instructor's, and need not be transformed for each student."""
        if not cell.source.strip():
            return
        if not self.alive:
            error(cell, NOT_RUN, "an earlier cell ended the process that this notebook ran in")
            return
        try:
            what = self.called[id(cell)]
            transformed = plain(source) if source == cell.source else None
            self.student.send({"source": cell.source, "plain": transformed})
            try:
                reply = self.student.receive(self.left())
            except TimeoutError:
                self.student.signal(signal.SIGINT)
                self.stop(TIMED_OUT, f"{what} took longer than {self.limits.cell_seconds:g} seconds and was stopped.")
                reply = self.student.receive(GRACE)
            show(cell, reply)
            self.ended_in = ""
        except SandboxError:
            raise
        except Exception:  # whatever comes from the student's process and is no reply
            self.alive = False
            self.student.signal(signal.SIGKILL)
            did = "ended the process that the notebook ran in, or used more than is allowed"
            if self.ended_in:
                self.stop(CRASHED, f"What the check {self.ended_in} called {did}.")
                error(cell, NOT_RUN, f"what the check {self.ended_in} called {did}")
            else:
                self.stop(CRASHED, f"{what} {did}.")
                error(cell, "Ended", f"this cell {did}")

    def interrupt(self) -> bool:
        """Have the student's process give up what it does; return whether it listens again, so that the rest can be graded."""
        self.student.signal(signal.SIGINT)
        try:
            self.student.send({"source": ""})
            self.student.receive(GRACE)
            return True
        except (ChannelError, TimeoutError):
            self.student.signal(signal.SIGKILL)
            return False

    def check(self, cell: NotebookNode | None, source: str) -> None:
        """Run an instructor's cell in the checker; with `cell`, it is a test."""
        name = cell.metadata.nbgrader.grade_id if cell else "of a set-up cell"
        if cell:
            self.run.scores[name] = 0.0
        seconds = self.left()
        try:
            request = {"renewed": None if self.renewed is None else sorted(self.renewed)}
            self.renewed = None
            number = self.ready.pop(source, None) if cell is None else None  # the same cell may stand there twice
            if number is not None:
                self.checker.send(request | {"ready": number}, *for_checker(source))
                return
            self.checker.send(request | {"seconds": seconds, "quiet": cell is None}, *for_checker(source))
            try:
                reply = self.checker.receive(seconds + GRACE)
            except TimeoutError:
                # A value can be lawful and still too much for a check, such as a range of 10**18: it costs its own points alone.
                self.checker.signal(signal.SIGINT)
                self.stop(
                    TIMED_OUT,
                    f"The check {name} could not be finished in {seconds:.0f} seconds with what the answer gave it.",
                )
                reply = self.checker.receive(GRACE) | {"ok": False}
        except (ChannelError, TimeoutError):
            self.checker.signal(signal.SIGKILL)
            if self.run.state == GRADED:
                self.run.state = CRASHED
                self.run.sentence = (
                    f"The check {name} ended the process that tests run in, and no later one was finished."
                )
            if cell:
                error(cell, "NotFinished", "the check could not be finished with what the answer gave it")
            return
        if reply["late"]:
            self.alive = self.alive and self.interrupt()
            self.stop(
                TIMED_OUT,
                f"The check {name} waited {seconds:.0f} seconds for the answer's function, which did not end.",
            )
        if reply["ended"] and self.alive and not self.ended_in:
            self.ended_in = name
        if cell:
            show(cell, reply)
            if reply["ended"] and reply["ok"] is not True:
                cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
                error(cell, NOT_RUN, "the process that the notebook ran in had ended, or answered no more")
            if reply["unseen"] and reply["ok"] is not True:
                last = next((output for output in reversed(cell.outputs) if output.output_type == "error"), None)
                if last and last.evalue == reply["unseen"]:
                    last.ename = NOT_SEEN
                else:
                    error(cell, NOT_SEEN, reply["unseen"])
                self.run.unseen[name] = reply["unseen"]
            points = float(cell.metadata.nbgrader.points)
            if reply["ok"] is True:
                partial = reply.get("partial")
                self.run.scores[name] = (
                    points if partial is None or partial < 0 else partial if partial <= points else 0.0
                )


def error(cell: NotebookNode, name: str, words: str) -> None:
    cell.outputs.append(NotebookNode(output_type="error", ename=name, evalue=words, traceback=[f"{name}: {words}"]))


def show(cell: NotebookNode, reply: dict) -> None:
    """Put what a process says that the cell showed into its outputs; anything that is no output raises."""
    cell.execution_count = int(reply["count"])
    cleared = False
    for kind, content in reply["messages"]:
        if kind == "clear_output":
            cleared = True
            if not content.get("wait"):
                cell.outputs, cleared = [], False
            continue
        if kind not in ("stream", "display_data", "execute_result", "error"):
            continue
        if cleared:
            cell.outputs, cleared = [], False
        output = NotebookNode(output_type=kind)
        if kind == "stream":
            output.update(name="stderr" if content["name"] == "stderr" else "stdout", text=str(content["text"]))
        elif kind == "error":
            lines = [str(line) for line in content["traceback"]]
            output.update(ename=str(content["ename"]), evalue=str(content["evalue"]), traceback=lines)
        else:
            data = {str(mime): kept(mime, part) for mime, part in content["data"].items() if mime != WIDGET}
            output.update(data=NotebookNode(data), metadata=NotebookNode())
            if kind == "execute_result":
                output.execution_count = int(content["execution_count"])
        cell.outputs.append(output)


def kept(mime: str, part: Any) -> Any:
    """Return one form of what a cell showed as a notebook may hold it: text, or JSON where its type says so."""
    if not isinstance(part, dict | list):
        return str(part)
    of_json = mime == "application/json" or mime.endswith("+json")
    return part if of_json and shallow(part) else "(a form that no notebook can hold)"


def shallow(part: dict | list, levels: int = DEEPEST) -> bool:
    """Return whether no more than so many dictionaries and lists stand in each other."""
    inner = part.values() if isinstance(part, dict) else part
    return levels > 0 and all(shallow(each, levels - 1) for each in inner if isinstance(each, dict | list))
