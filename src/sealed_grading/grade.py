"""The coordinator: takes submissions one by one through intake, execution, gradebook and feedback."""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import dateutil.parser
import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from . import VERSION, execute, feedback, intake
from .course import Assignment, Original
from .gradebook import Verdict, Writer
from .sandbox import Limits, Zygote


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


def digest(assignment: Assignment, student: str, limits: Limits) -> str:
    """Return a hash of all that a verdict depends on: the submission, the assignment, the engine and its limits."""
    made = hashlib.sha256(f"{VERSION} {dataclasses.astuple(limits)}".encode())
    for original in assignment.notebooks.values():
        made.update(repr([dataclasses.astuple(cell) for cell in original.cells.values()]).encode())
        made.update(json.dumps([original.released, original.source]).encode())
    for name, data in assignment.files.items():
        made.update(name.encode() + data)
    folder = assignment.folder("submitted", student)
    for path in sorted(folder.iterdir()):
        made.update(path.name.encode())
        try:
            made.update(intake.read_bytes(path, intake.LARGEST_NOTEBOOK))
        except intake.Refused as refusal:
            made.update(str(refusal).encode())
    return made.hexdigest()


def grade_one(zygote: Zygote, assignment: Assignment, student: str, limits: Limits, mark: str) -> Outcome:
    """Return the outcome for one submission. Reads, runs, and writes nothing."""
    folder = assignment.folder("submitted", student)
    state, sentences, scores, comments, notebooks, seconds = execute.GRADED, [], {}, {}, {}, {}
    files, left = ({}, [])
    if folder.is_symlink() or not folder.is_dir():
        state, sentences = intake.REJECTED, ["The submission's folder is a link or no folder."]
    else:
        files, left = intake.beside(folder, assignment)
        extra = [path.name for path in folder.glob("*.ipynb") if path.stem not in assignment.notebooks]
        left += [f"The notebook {name} is none of this assignment and was left aside." for name in sorted(extra)]
    for name, original in assignment.notebooks.items():
        scores[name] = {cell.name: 0.0 for cell in original.cells.values() if cell.grade_id or cell.task_id}
        comments[name] = {}
        if state == intake.REJECTED:
            continue
        try:
            taken = intake.rebuild(original, intake.read_bytes(folder / f"{name}.ipynb", intake.LARGEST_NOTEBOOK))
        except intake.Refused as refusal:
            state = refusal.state
            sentences.append(str(refusal))
            continue
        run = execute.execute(zygote, original, taken.notebook, files, student, limits)
        if run.state != execute.GRADED:
            state = run.state
            sentences.append(run.sentence)
        sentences += taken.mended
        scores[name], comments[name] = judge(original, taken.notebook, run.scores)
        notebooks[name], seconds[name] = taken.notebook, run.seconds
    if state == execute.GRADED:
        sentences.insert(0, "Everything that was handed in was run and graded.")
    timestamp = submitted_at(folder)
    return Outcome(
        Verdict(student, state, sentences + left, scores, comments, timestamp, seconds, mark), notebooks, files
    )


def judge(original: Original, notebook: NotebookNode, tests: dict[str, float]) -> tuple[dict, dict]:
    """Return the score and the automatic comment of every cell that the gradebook keeps one for."""
    scores, comments = {}, {}
    by_name = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    for cell in original.cells.values():
        untouched = compute_checksum(by_name[cell.name]) == cell.checksum
        if cell.is_test:
            scores[cell.name] = tests.get(cell.name, 0.0)
        elif cell.grade_id or cell.task_id:
            scores[cell.name] = 0.0 if cell.solution_id and untouched else None
        if cell.solution_id:
            comments[cell.name] = "No response." if untouched else None
    return scores, comments


def submitted_at(folder: Path):
    """Return the time in timestamp.txt, in UTC without a zone as nbgrader keeps it; None where there is none."""
    try:
        text = intake.read_bytes(folder / "timestamp.txt", 100).decode()
        moment = dateutil.parser.parse(re.sub(r"\s+", " ", text.strip()))
    except (intake.Refused, ValueError, OverflowError):
        return None
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


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
    for name, data in outcome.files.items():
        save(target / name, data)
    for name, notebook in outcome.notebooks.items():
        save(target / f"{name}.ipynb", (nbformat.writes(notebook) + "\n").encode())
    writer.write(verdict, VERSION)
    for name, original in assignment.notebooks.items():
        notebook = outcome.notebooks.get(name) or NotebookNode(cells=[])
        text = feedback.page(assignment, original, notebook, verdict.student, verdict.state, verdict.sentences)
        save(assignment.folder("feedback", verdict.student) / f"{name}.html", text.encode())
    writer.returned(verdict.student)


def grade(
    assignment: Assignment, wanted: list[str], limits: Limits, tier: str, again: bool, say: Callable[[str], None]
) -> Iterator[Verdict]:
    """Grade `wanted`, skipping what an earlier run has finished unless `again`; yield each verdict as it is written."""
    writer = Writer(assignment, tier, dataclasses.asdict(limits))
    earlier = writer.earlier()
    marks = {student: digest(assignment, student, limits) for student in wanted}
    todo = [
        student
        for student in wanted
        if again or student not in earlier or earlier[student].digest != marks[student] or not earlier[student].returned
    ]
    if len(todo) < len(wanted):
        say(f"{len(wanted) - len(todo)} were graded before and have not changed since")
    if not todo:
        return
    zygote, began = Zygote(limits), time.monotonic()
    try:
        with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
            futures = {pool.submit(grade_one, zygote, assignment, name, limits, marks[name]): name for name in todo}
            for count, future in enumerate(as_completed(futures), start=1):
                outcome = future.result()
                write(assignment, outcome, writer)
                rate = count / (time.monotonic() - began)
                left = (len(todo) - count) / rate
                say(
                    f"{count} of {len(todo)}, {rate * 60:.0f} a minute, {left:.0f} s left: {outcome.verdict.student} {outcome.verdict.state}"
                )
                yield outcome.verdict
    finally:
        zygote.stop()
