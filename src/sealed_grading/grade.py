"""The coordinator: takes submissions one by one through intake, execution, gradebook and feedback."""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import itertools
import json
import os
import re
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import dateutil.parser
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum

from . import VERSION, controls, execute, feedback, intake, reference
from .course import Assignment, Original
from .gates import MISSING, REJECTED, UNREADABLE
from .gradebook import Verdict, Writer, said
from .sandbox import Limits, SandboxError, Warm, Zygote

FAULT = "grader's fault"
UNGRADED = (FAULT, MISSING, UNREADABLE, REJECTED)  # states in which nothing was run
TELLING = 3  # seconds of a run, before which a rate says nothing


@dataclasses.dataclass
class Outcome:
    """What one submission came to, with the notebooks as they will be written."""

    verdict: Verdict
    notebooks: dict[str, NotebookNode]
    files: dict[str, bytes]


def students(assignment: Assignment) -> list[str]:
    """Return who has a folder of this assignment among the submissions, sorted."""
    pattern = assignment.folder("submitted", "*").relative_to(assignment.root)
    place = pattern.parts.index("*")
    found = {path.relative_to(assignment.root).parts[place] for path in assignment.root.glob(str(pattern))}
    return sorted(name for name in found if not name.startswith("."))


def too_high(assignment: Assignment) -> list[Path]:
    """Return the notebooks that lie in a student's folder instead of the assignment's folder in it, sorted, from the course's root on."""
    folder = assignment.folder("submitted", "*").relative_to(assignment.root)
    if folder.parts[-2:] != ("*", assignment.name):
        return []  # this course has no such folders
    found = [path.relative_to(assignment.root) for path in assignment.root.glob(str(folder.parent / "*.ipynb"))]
    return sorted(path for path in found if not path.parent.name.startswith("."))


def digest_of(assignment: Assignment, limits: Limits):
    """Return a running hash of what every verdict depends on: the assignment, the engine and its limits."""
    made = hashlib.sha256(f"{VERSION} {dataclasses.astuple(limits)}".encode())
    for original in assignment.notebooks.values():
        made.update(repr([dataclasses.astuple(cell) for cell in original.cells.values()]).encode())
        made.update(json.dumps([original.released, original.source]).encode())
    for name, data in assignment.files.items():
        made.update(name.encode() + data)
    return made


def digest(common, folder: Path) -> str:
    """Return the hash of one submission, on top of `common`."""
    made = common.copy()
    try:
        for name in intake.files_below(folder):
            made.update(os.fsencode(name) + b"\n")
            if (folder / name).is_symlink() or intake.is_read(name):
                made.update(hashlib.sha256(_content(folder / name)).digest())
    except intake.Refused as refusal:  # it ends in a state of its own
        made.update(str(refusal).encode("utf-8", "replace"))
    return made.hexdigest()


def _content(path: Path) -> bytes:
    try:
        return intake.read_bytes(path, intake.LARGEST_NOTEBOOK)
    except intake.Refused as refusal:
        return str(refusal).encode("utf-8", "replace")


def grade_one(zygote: Zygote, assignment: Assignment, student: str, limits: Limits, mark: str) -> Outcome:
    """Return the outcome for one submission. Reads, runs, and writes nothing."""
    folder = assignment.folder("submitted", student)
    came = intake.take(folder, assignment.notebooks, assignment.files)
    state, whose, told = came.state or execute.GRADED, [*came.why][-1:], list(came.why.items())
    scores, comments, notebooks, seconds = {}, {}, {}, {}
    answers: dict[str, dict[str, str]] = {}
    for name, original in assignment.notebooks.items():
        scores[name] = {cell.name: 0.0 for cell in original.cells.values() if cell.grade_id or cell.task_id}
        comments[name] = {}
        taken = came.taken.get(name)
        if taken is None:
            continue
        run = execute.execute(zygote, original, taken.notebook, came.files, student, limits)
        if run.state != execute.GRADED:
            state, whose = run.state, [name]
            told.append((name, run.sentence))
        asked = controls.questions(original, frozenset(assignment.files))
        told += [
            (name, f"The check {test} could not look at what the answer gave: {what}.")
            for test, what in run.unseen.items()
        ]
        told += [(name, sentence) for sentence in taken.mended + lost_choices(asked, came)]
        scores[name], comments[name] = judge(original, taken.notebook, run.scores)
        answers[name] = answered(original, taken.notebook, came.files, asked)
        notebooks[name], seconds[name] = taken.notebook, run.seconds
    about_all = []
    if state == execute.GRADED:
        told.insert(0, (None, "Everything that was handed in was run and graded."))
    elif not came.taken:
        about_all = ["Nothing was graded."]
    elif len(assignment.notebooks) > 1:
        about_all = [f"The state is that of {_files(whose)}."]
    if came.taken and came.why:
        about_all.append(f"Not graded: {_files(came.why)}. Graded: {_files(came.taken)}.")
    about_all += came.renamed + came.left
    told += [(None, sentence) for sentence in about_all]
    timestamp = submitted_at(folder)
    return Outcome(
        Verdict(student, state, told, scores, comments, timestamp, answers, seconds, mark), notebooks, came.files
    )


def _files(notebooks: Iterable[str]) -> str:
    return ", ".join(f"{name}.ipynb" for name in notebooks)


def lost_choices(asked: list[controls.Question], came: intake.Intake) -> list[str]:
    """Return a sentence for each file in which controls keep answers and that is absent or cannot be read: what earns nothing."""
    return [
        f"{name} {'cannot be read' if damaged or name in came.names else 'was not handed in'}. It holds your choices in the "
        f"controls; without it these earn nothing: {'; '.join(titles)}."
        for name, damaged, titles in controls.absent(asked, came.files)
        if titles
    ]


def judge(original: Original, notebook: NotebookNode, tests: dict[str, float]) -> tuple[dict, dict]:
    """Return the score and the automatic comment of every cell that the gradebook keeps one for."""
    scores, comments = {}, {}
    by_name = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    by_hand = intake.answers_by_hand(original, notebook)
    for cell in original.cells.values():
        untouched = cell.solution_id and compute_checksum(by_name[cell.name]) == cell.checksum
        untouched = untouched and len(by_hand.get(cell.name, ())) <= 1  # the answer may stand in cells below it
        if cell.is_test:
            scores[cell.name] = tests.get(cell.name, 0.0)
        elif cell.grade_id or cell.task_id:
            scores[cell.name] = 0.0 if untouched else None
        if cell.solution_id:
            comments[cell.name] = "No response." if untouched else None
    return scores, comments


def answered(
    original: Original, notebook: NotebookNode, files: dict[str, bytes], asked: list[controls.Question]
) -> dict[str, str]:
    """Return, for every cell that the gradebook keeps a score of, a hash of what earned it: for an answer that a person marks its text
    and those right below it that belong to it, with their pictures; for a test the answers that stand above it and below the tests
    before, with the files that its question reads."""
    texts = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source.strip().encode("utf-8", "replace")
        for cell in notebook.cells
    }
    by_hand = intake.answers_by_hand(original, notebook)
    reads = {test: sorted(question.files) for question in asked for test in question.tests}
    found, above, tested = {}, [], False
    for name, cell in original.cells.items():
        if cell.is_test:
            found[name], tested = above + [files.get(file, b"") for file in reads.get(name, ())], True
            continue
        if cell.solution_id:
            above, tested = ([] if tested else above) + [texts[name]], False
        if name in by_hand:
            found[name] = [
                json.dumps([part.source.strip(), part.get("attachments")]).encode() for part in by_hand[name]
            ]
    return {name: hashlib.sha256(b"\n".join(content)).hexdigest() for name, content in found.items()}


def submitted_at(folder: Path):
    """Return the time in timestamp.txt, in UTC without a zone as nbgrader keeps it; None where there is none."""
    try:
        text = intake.read_bytes(folder / "timestamp.txt", 100).decode()
        moment = dateutil.parser.parse(re.sub(r"\s+", " ", text.strip()))
    except (intake.Refused, ValueError, OverflowError):
        return None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def fault(assignment: Assignment, student: str, mark: str, error: Exception) -> Outcome:
    """Return the outcome of a submission on which the grader itself failed: no points taken or given, a person must look."""
    sentence = (
        f"The grader itself failed here ({type(error).__name__}). This is no fault of the submission; "
        "a person will look at it, or grade it again."
    )
    scores: dict = {}
    for name, original in assignment.notebooks.items():
        scores[name] = dict.fromkeys(cell.name for cell in original.cells.values() if cell.grade_id or cell.task_id)
    comments: dict = {name: {} for name in assignment.notebooks}
    return Outcome(
        Verdict(
            student, FAULT, [(None, sentence), (None, "Nothing was graded.")], scores, comments, None, {}, {}, mark
        ),
        {},
        {},
    )


def save(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, never through a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.part")
    scratch.unlink(missing_ok=True)
    scratch.write_bytes(data)
    scratch.replace(path)


def write(assignment: Assignment, outcome: Outcome, writer: Writer) -> None:
    """Write one submission's notebooks, its rows and its feedback, in an order that any interruption leaves mendable."""
    verdict = outcome.verdict
    target = assignment.folder("autograded", verdict.student)
    files = outcome.files | of_the_exchange(assignment.folder("submitted", verdict.student))
    for name, notebook in outcome.notebooks.items():
        # Not by nbformat's own writer: it takes ten times as long, for line breaks.
        text = json.dumps(notebook, ensure_ascii=False)
        files[f"{name}.ipynb"] = text.encode("utf-8", "replace")  # a half of a character
    for path in [path for path in target.rglob("*") if path.is_symlink() or not path.is_dir()]:
        if path.relative_to(target).as_posix() not in files:
            path.unlink()  # of an earlier attempt
    for name, data in files.items():
        save(target / name, data)
    writer.write(verdict, VERSION)
    for name in assignment.notebooks if assignment.due else ():
        penalise(assignment, verdict.student, name)
    write_feedback(assignment, writer, verdict.student, verdict.state, verdict.said, outcome.notebooks)
    writer.returned(verdict.student)


def penalise(assignment: Assignment, student: str, notebook: str) -> None:
    """Have nbgrader's own plugin set the penalty for what came after the due date."""
    about = {"notebook": notebook, "assignment": assignment.name, "student": student, "db_url": assignment.db_url}
    AssignLatePenalties(config=assignment.config).preprocess(NotebookNode(cells=[]), {"nbgrader": about})


def write_feedback(
    assignment: Assignment,
    writer: Writer,
    student: str,
    state: str,
    told: list[tuple[str | None, str]],
    notebooks: dict,
) -> None:
    """Write a student's feedback pages, each with the sentences about its notebook, and beside them what `nbgrader release_feedback` reads."""
    marks, target = writer.marks(student), assignment.folder("feedback", student)
    for name, original in assignment.notebooks.items():
        asked = controls.questions(original, frozenset(assignment.files))
        files = kept(assignment.folder("autograded", student), {file for question in asked for file in question.files})
        chosen = controls.chosen(asked, files)
        sentences = [sentence for about, sentence in told if about in (None, name)]
        text = feedback.page(student, original, notebooks.get(name), marks[name], state, sentences, chosen)
        save(target / f"{name}.html", text.encode("utf-8", "replace"))
    for name, data in of_the_exchange(assignment.folder("submitted", student)).items():
        save(target / name, data)


def of_the_exchange(folder: Path) -> dict[str, bytes]:
    """Return the files that nbgrader's exchange put beside the submission, as far as they are plain and small."""
    return kept(folder, intake.EXCHANGE, 200)


def kept(folder: Path, names: Iterable[str], largest: int = intake.LARGEST_FILE) -> dict[str, bytes]:
    """Return the files of these names that are there, plain, and no larger than `largest`."""
    found = {}
    for name in names:
        with contextlib.suppress(intake.Refused):
            found[name] = intake.read_bytes(folder / name, largest)
    return found


def renew_feedback(assignment: Assignment, wanted: list[str] | None = None) -> int:
    """Write the feedback pages of what was graded once more, with the marks and comments given since; return how many."""
    writer = Writer(assignment, "", {}, write=False)
    runs = {name: run for name, run in writer.earlier().items() if wanted is None or name in wanted}
    for student, run in runs.items():
        paths = {name: assignment.folder("autograded", student) / f"{name}.ipynb" for name in assignment.notebooks}
        notebooks = {name: nbformat.read(path, as_version=4) for name, path in paths.items() if path.is_file()}
        write_feedback(assignment, writer, student, run.state, said(run), notebooks)
    return len(runs)


def not_graded(student: str, state: str, told: list[tuple[str | None, str]], seconds: dict) -> str:
    """Return a line on a submission that ended in a state of `UNGRADED`; `seconds` names the notebooks that were run all the same."""
    return f"{'graded in part' if seconds else 'not graded'}: {student}, {state}. {told[0][1]}"


@dataclasses.dataclass
class Batch:
    """One run over some of an assignment's submissions."""

    assignment: Assignment
    limits: Limits
    tier: str
    say: Callable[[str], None]
    write: bool = True
    asked: int = 0  # how many submissions `run` has to grade
    doubts: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)  # as `reference.observe` returns it

    def __post_init__(self):
        self.writer = Writer(self.assignment, self.tier, dataclasses.asdict(self.limits), self.write)
        self.common = digest_of(self.assignment, self.limits)
        for original in self.assignment.notebooks.values():
            execute.prepare(original)  # before there are threads, for it changes how the whole process takes warnings

    def todo(self, wanted: list[str], again: bool) -> dict[str, str]:
        """Return whom to grade, each with the hash of the submission; who is done and unchanged only when `again`."""
        earlier, marks = self.writer.earlier(), {}
        for student in wanted:
            mark = digest(self.common, self.assignment.folder("submitted", student))
            last = earlier.get(student)
            done = last and last.digest == mark and last.returned and last.state != FAULT and last.tier == self.tier
            pages = self.assignment.folder("feedback", student)
            done = done and all((pages / f"{name}.html").is_file() for name in self.assignment.notebooks)
            if again or not done:
                marks[student] = mark
        return marks

    def ungraded(self, wanted: list[str]) -> dict[str, str]:
        """Return who of `wanted` was not graded, or in part, when it was last tried, with a line that says so."""
        last = {name: run for name, run in self.writer.earlier().items() if name in wanted and run.state in UNGRADED}
        return {name: not_graded(name, run.state, said(run), json.loads(run.seconds)) for name, run in last.items()}

    def outcomes(self, warm: Warm, marks: dict[str, str]) -> Iterator[Outcome]:
        """Grade, a few at a time, so that memory does not grow with the class; yield each when it is ready."""
        waiting, threads = iter(marks.items()), (os.cpu_count() or 1) + 1
        with ThreadPoolExecutor(threads) as pool:
            running = {pool.submit(self.one, warm, *item) for item in itertools.islice(waiting, 2 * threads)}
            try:
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(self.one, warm, *item) for item in itertools.islice(waiting, len(done))}
                    while done:
                        yield done.pop().result()
            except BaseException:  # Ctrl-C, or whoever takes the outcomes has given up
                warm.stop()  # else what is in flight would be waited for
                raise

    def one(self, warm: Warm, student: str, mark: str) -> Outcome:
        """Return the outcome for one submission, whatever happens."""
        try:
            try:
                return grade_one(warm.parent(), self.assignment, student, self.limits, mark)
            except SandboxError:  # the warm parent has ended: once more, with a new one
                return grade_one(warm.parent(), self.assignment, student, self.limits, mark)
        except Exception as error:
            if not warm.stopped:  # else nobody takes this outcome
                self.say(f"{student}: the grader failed\n{traceback.format_exc()}")
            return fault(self.assignment, student, mark, error)

    def keep(self, outcome: Outcome) -> Verdict:
        """Write the outcome; where that fails, write that the grader failed, so that no earlier grade stays as if it were this one."""
        verdict = outcome.verdict
        try:
            write(self.assignment, outcome, self.writer)
        except Exception as error:
            self.say(f"{verdict.student}: could not be written\n{traceback.format_exc()}")
            outcome = fault(self.assignment, verdict.student, verdict.digest, error)
            try:
                write(self.assignment, outcome, self.writer)
            except Exception as second:
                self.say(f"{verdict.student}: nothing could be written ({second}); the gradebook holds what it held")
        return outcome.verdict

    def run(self, warm: Warm, wanted: list[str], again: bool) -> Iterator[Verdict]:
        """Grade `wanted`, skipping what an earlier run has finished unless `again`; yield each verdict when it is written."""
        marks, began = self.todo(wanted, again), time.monotonic()
        self.asked = len(marks)
        self.writer.limits["together, kept by"] = warm.memory_control
        if marks:
            self.doubts = reference.observe(warm, self.assignment, self.limits)
        if before := len(wanted) - len(marks):
            were, have = ("was", "has") if before == 1 else ("were", "have")
            self.say(f"{before} {were} graded before and {have} not changed since")
        for count, outcome in enumerate(self.outcomes(warm, marks), start=1):
            verdict = self.keep(outcome) if self.write else outcome.verdict
            seconds, left = time.monotonic() - began, len(marks) - count
            rate = f", {60 * count / seconds:.3g} a minute, {left * seconds / count:.0f} s left" * (seconds >= TELLING)
            self.say(f"{count} of {len(marks)}{rate}: {verdict.student} {verdict.state}")
            yield verdict
