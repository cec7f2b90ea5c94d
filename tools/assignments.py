"""Assignments from their text sources: made, released, taken back, and answered.

python -m tools.assignments make [NAME …]     text source → exercises/source → exercises/release
python -m tools.assignments take NAME         an edit made in JupyterLab → back into the text source
python -m tools.assignments list
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from military_diplomacy import tables
from sealed_grading.course import LEARNER_ONLY, RUN_ONCE, SCREEN_ONLY, TESTS_ONLY

from . import SAMPLE

EXERCISES = Path("exercises")
EXCHANGE = EXERCISES / "exchange"  # as in nbgrader_config.py
RECORDS = Path("_build/made")
NBGRADER_LOG = Path("_build/logs/nbgrader.log")
METADATA = ("grade", "grade_id", "locked", "schema_version", "solution", "task")  # of a cell, as nbgrader needs them
RUBRIC = re.compile(r"<!-- rubric: ([\w-]+) -->\s*\Z")  # at the end of a text cell: the rubric's table is set below it

# nbgrader calls alembic by its bare name, also where the environment has not been activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


class AssignmentError(Exception):
    """An assignment's folder does not hold what it should, or holds something that must not be overwritten."""


def names() -> list[str]:
    """Return the assignments' names, sorted: every folder of `exercises/assignments`."""
    return sorted(path.name for path in (EXERCISES / "assignments").iterdir() if path.is_dir())


@dataclass(frozen=True)
class Assignment:
    """One folder of `exercises/assignments`."""

    name: str

    @property
    def folder(self) -> Path:
        return EXERCISES / "assignments" / self.name

    @property
    def text(self) -> Path:
        return self.folder / f"{self.name}.py"

    @property
    def source(self) -> Path:
        return EXERCISES / "source" / self.name / f"{self.name}.ipynb"

    @property
    def release(self) -> Path:
        return EXERCISES / "release" / self.name / f"{self.name}.ipynb"

    @cached_property
    def notebook(self) -> nbformat.NotebookNode:
        """The source notebook, from the text.

        Raises:
            AssignmentError: there is no such assignment, a cell's metadata are incomplete, or two cells share a grade_id.
        """
        if not self.text.is_file():
            raise AssignmentError(
                f"{self.text}: not found; an assignment is a folder with a text of its own name in it"
            )
        notebook = jupytext.read(self.text)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type != "raw"]  # the text's own header
        if found := list(metadata_faults(self.text, notebook)):
            raise AssignmentError("\n".join(found))
        for cell in notebook.cells:
            if found := RUBRIC.search(cell.source):
                if found[1] not in self.rubric:
                    raise AssignmentError(
                        f"{self.text}: `{found[0]}` names no item of rubric.yml; there are: {', '.join(self.rubric) or 'none'}"
                    )
                cell.source += "\n\n" + rubric_table(self.rubric[found[1]])
        ids = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata]
        if repeated := sorted({i for i in ids if ids.count(i) > 1}):
            raise AssignmentError(
                f"{self.text}: the grade_id {repeated} is given to more than one cell; give each its own"
            )
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook.metadata.pop("jupytext", None)
        for number, cell in enumerate(notebook.cells):  # the same file every time: no id by chance
            cell.id = cell.metadata.nbgrader.grade_id if "nbgrader" in cell.metadata else f"text-{number}"
            if cell.metadata.get("nbgrader", {}).get("grade") and not cell.metadata.nbgrader.solution:
                cell.metadata.tags = ["raises-exception"]  # Run All Cells goes on after a check that does not pass
        return notebook

    @property
    def header(self) -> dict:
        return front_matter(self.text)

    @property
    def rubric(self) -> dict[str, dict[str, dict[int, str]]]:
        """Item to criterion to points to what the work shows; empty where nothing is marked by hand."""
        if not (self.folder / "rubric.yml").is_file():
            return {}
        return yaml.safe_load((self.folder / "rubric.yml").read_text(encoding="utf-8"))

    @property
    def answers(self) -> list[Path]:
        return sorted((self.folder / "answers").glob("*.py"))


def metadata_faults(text: Path, notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield one sentence a cell whose nbgrader metadata cannot be read, or lack what nbgrader needs."""
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    for number, line in enumerate(text.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("# %%") and "nbgrader=" in line:
            try:
                json.loads(line.partition("nbgrader=")[2])
            except json.JSONDecodeError as error:
                yield f"{text}, line {number}: what stands after `nbgrader=` is no JSON: {error.msg}, at {error.doc[error.pos :][:20]!r}"
    for cell in cells:
        found = cell.metadata.nbgrader
        where = f"{text}, cell {found.get('grade_id', repr(cell.source[:40]))}"
        if missing := [key for key in METADATA if key not in found]:
            yield f"{where}: its nbgrader metadata lack {', '.join(missing)}; see a cell of its kind in another item"
        elif found.grade and not isinstance(found.get("points"), int | float):
            yield f"{where}: expected `points` as a number, found {found.get('points')!r}"


def front_matter(path: Path) -> dict:
    """Return the YAML header of a py:percent file: the commented lines between the first two `# ---`."""
    parts = path.read_text(encoding="utf-8").split("# ---\n", 2)
    if len(parts) < 3 or parts[0]:
        raise AssignmentError(f"{path}: expected a header between two lines `# ---` at the top, found none")
    header = parts[1]
    try:
        return yaml.safe_load("\n".join(line.removeprefix("#").removeprefix(" ") for line in header.splitlines())) or {}
    except yaml.YAMLError as error:
        raise AssignmentError(f"{path}: its header is no YAML: {error}") from None


def rubric_table(criteria: dict[str, dict[int, str]]) -> str:
    """Return one item's rubric, folded: a table with a criterion a row, a level a column."""
    levels = sorted({points for shown in criteria.values() for points in shown}, reverse=True)
    rows = [["", *map(str, levels)], ["---"] * (len(levels) + 1)]
    rows += [
        [f"**{name.capitalize()}**", *(shown.get(points, "") for points in levels)] for name, shown in criteria.items()
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"<details><summary>The rubric</summary>\n\n{table}\n\n</details>"


@dataclass(frozen=True)
class Record:
    """What a made notebook and its text were like when the notebook was made: how an edit of either is noticed."""

    assignment: Assignment

    @property
    def path(self) -> Path:
        return RECORDS / f"{self.assignment.name}.sha256"

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text("\n".join(map(digest, (self.assignment.source, self.assignment.text))), encoding="utf-8")

    def edited(self) -> tuple[bool, bool]:
        """Tell whether the notebook, and whether the text, was edited since; both are not where nothing was made."""
        if not (self.assignment.source.exists() and self.path.exists()):
            return False, False
        known = self.path.read_text(encoding="utf-8").splitlines()
        return digest(self.assignment.source) not in known[:1], digest(self.assignment.text) not in known[1:]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make(assignment: Assignment) -> None:
    """Write the source notebook and its tables, then let nbgrader make and release the learners' version.

    Raises:
        AssignmentError: the source notebook was edited since it was made, the folder has faults, or nbgrader failed; what was
            released before is then still there.
    """
    from .assignment_faults import faults  # it needs this module

    if Record(assignment).edited()[0]:
        raise AssignmentError(
            f"{assignment.source} was changed after it was made. To keep the change, run\n"
            f"    .venv/bin/python -m tools.assignments take {assignment.name}\n"
            f"To throw it away, delete that notebook. Nothing was overwritten."
        )
    if found := faults(assignment):
        raise AssignmentError("\n".join(found))
    assignment.source.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(assignment.notebook, assignment.source)
    Record(assignment).write()
    for name in assignment.header.get("tables", []):
        table = tables.load(name)  # checked rows only: nothing else may be graded
        table.to_csv(assignment.source.parent / f"{name}.csv", index=False)
    forget_sample_class()  # nbgrader refuses to change the cells of an assignment that has submissions
    released, kept = assignment.release.parent, RECORDS / f"{assignment.name}.release"
    shutil.rmtree(kept, ignore_errors=True)
    if released.exists():
        shutil.copytree(released, kept)
    try:
        nbgrader("generate_assignment", assignment.name, "--force", "--create")
    except AssignmentError:
        if kept.exists() and not released.exists():
            shutil.copytree(kept, released)  # nbgrader removes it where it fails
        raise
    nbgrader("release_assignment", assignment.name, "--force")


def gradebook() -> str:
    """Return the address of the course's gradebook."""
    return f"sqlite:///{EXERCISES.resolve() / 'gradebook.db'}"


def real_students() -> list[str]:
    """Return whoever is in the gradebook, the submissions, the feedback or the exchange and not of the sample class."""
    found = set()
    if (EXERCISES / "gradebook.db").exists():
        with Gradebook(gradebook()) as book:
            found |= {student.id for student in book.students}
    for folder in ("submitted", "autograded", "feedback"):
        found |= {path.name for path in (EXERCISES / folder).glob("*") if path.is_dir()}
    found |= {path.name.split("+")[0] for path in EXCHANGE.glob("*/inbound/*")}
    return sorted(name for name in found if not name.startswith(SAMPLE))


def forget_sample_class() -> dict[Path, int]:
    """Remove the sample class, and nothing else, from the gradebook, the course's folders and the exchange.

    Returns how many students, folders or released pages were removed from each place.
    """
    removed: Counter = Counter()
    released = released_to_sample_class()  # while their submissions are there to tell
    if (EXERCISES / "gradebook.db").exists():
        with Gradebook(gradebook()) as book:
            for name in [student.id for student in book.students if student.id.startswith(SAMPLE)]:
                book.remove_student(name)
                removed[EXERCISES / "gradebook.db"] += 1
    for pattern in (f"submitted/{SAMPLE}*", f"autograded/{SAMPLE}*", f"feedback/{SAMPLE}*"):
        for path in EXERCISES.glob(pattern):
            shutil.rmtree(path)
            removed[path.parent] += 1
    for path in EXCHANGE.glob(f"*/inbound/{SAMPLE}*"):
        shutil.rmtree(path)
        removed[path.parent] += 1
    for path in released:
        path.unlink()
        removed[path.parent] += 1
    return dict(removed)


def released_to_sample_class() -> list[Path]:
    """Return the feedback pages that were released to the sample class: all, where there are no real students.

    nbgrader names a page by a secret that lies with the submission, so that no name of a student stands in the exchange.
    """
    pages = list(EXCHANGE.glob("*/feedback/*.html"))
    if not real_students():
        return pages
    theirs = {
        notebook_hash(secret=path.read_text(encoding="utf-8"), notebook_id=page.stem)
        for path in EXERCISES.glob(f"feedback/{SAMPLE}*/*/submission_secret.txt")
        for page in path.parent.glob("*.html")
    }
    return [path for path in pages if path.stem in theirs]


def take(assignment: Assignment) -> None:
    """Write an edited source notebook back into the text source, with the text's own header.

    Raises:
        AssignmentError: there is no notebook, the text was edited too, or the printed rubric was.
    """
    if not assignment.source.exists():
        raise AssignmentError(f"{assignment.source}: not found, so there is no edit to take")
    if Record(assignment).edited()[1]:
        raise AssignmentError(
            f"{assignment.text} was changed as well, after the notebook was made from it; to take the notebook's edit would lose "
            "that change. Carry one of the two over by hand. Nothing was overwritten."
        )
    notebook = nbformat.read(assignment.source, as_version=4)
    for cell in notebook.cells:
        if found := re.search(r"<!-- rubric: ([\w-]+) -->", cell.source):
            if cell.source[found.end() :].strip() != rubric_table(assignment.rubric[found[1]]).strip():
                raise AssignmentError(f"{assignment.source}: the printed rubric was edited; edit rubric.yml instead")
            cell.source = cell.source[: found.end()]
        kept = [
            tag for tag in (LEARNER_ONLY, SCREEN_ONLY, TESTS_ONLY, RUN_ONCE) if tag in cell.metadata.get("tags", [])
        ]
        tags = {"tags": kept} if kept else {}
        marks = {"nbgrader": without_checksum(cell.metadata.nbgrader)} if "nbgrader" in cell.metadata else {}
        cell.metadata = tags | marks
    notebook.metadata = {}
    body = jupytext.writes(notebook, fmt="py:percent")
    body = body[body.index("# %%") :]
    _, header, _ = assignment.text.read_text(encoding="utf-8").split("# ---\n", 2)
    assignment.text.write_text(f"# ---\n{header}# ---\n\n{body}", encoding="utf-8")
    if ruff := shutil.which("ruff"):
        subprocess.run([ruff, "format", "--quiet", str(assignment.text)], check=False)
    Record(assignment).write()
    print(f"{assignment.text} now says what {assignment.source} says; look at the difference with git diff")


def without_checksum(metadata: dict) -> dict:
    kept = {key: value for key, value in metadata.items() if key not in ("checksum", "cell_type")}
    return dict(sorted(kept.items()))


def read_answer(path: Path) -> tuple[dict, dict[str, str]]:
    """Return an answers file's header, and its cells: the answered cell's grade_id to its text. See `read_files` for the rest.

    Raises:
        AssignmentError: a cell has no title, which must be a grade_id or, in a raw cell, the name of a file.
    """
    answers = {}
    for number, cell in enumerate(jupytext.read(path).cells):
        title = cell.metadata.get("title")
        if cell.cell_type == "raw" and (title or number == 0):  # a file, or the header
            continue
        if cell.cell_type == "raw":
            raise AssignmentError(f"{path}: a raw cell names no file; write `# %% [raw] FILE` above it")
        if not title:
            raise AssignmentError(f"{path}: a cell begins without a title; write `# %% GRADE_ID` above it")
        answers[title] = cell.source
    return front_matter(path), answers


def read_files(path: Path) -> dict[str, str]:
    """Return what an answers file hands in beside the notebook: a file's name to its text, from a cell `# %% [raw] NAME`."""
    return {
        cell.metadata["title"]: cell.source + "\n"
        for cell in jupytext.read(path).cells
        if cell.cell_type == "raw" and "title" in cell.metadata
    }


def answered(assignment: Assignment, answers: dict[str, str]) -> nbformat.NotebookNode:
    """Return the released notebook with the cells named in `answers` replaced.

    Raises:
        AssignmentError: an answer names a cell that learners may not change.
    """
    notebook = nbformat.read(assignment.release, as_version=4)
    open_cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata and cell.metadata.nbgrader.solution
    }
    for grade_id, source in answers.items():
        if grade_id not in open_cells:
            raise AssignmentError(
                f"{assignment.name} has no answer cell {grade_id!r}; there are: {', '.join(open_cells)}"
            )
        open_cells[grade_id].source = source
    return notebook


def hand_in(assignment: Assignment, answer: Path, folder: Path) -> None:
    """Write what a learner with this answer has in `folder`: the notebook, the released tables, files made by its controls."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in assignment.release.parent.iterdir():
        if path != assignment.release:
            shutil.copy2(path, folder / path.name)
    nbformat.write(answered(assignment, read_answer(answer)[1]), folder / assignment.release.name)
    for name, text in read_files(answer).items():
        (folder / name).write_text(text, encoding="utf-8")


def nbgrader(*arguments: str) -> None:
    """Run nbgrader in the course folder: a line a submission on the terminal, its own words into `NBGRADER_LOG`.

    Raises:
        AssignmentError: nbgrader failed; the message ends with its last words.
    """
    print("exercises$ nbgrader", *arguments, flush=True)
    command = [sys.executable, "-m", "nbgrader", *arguments]
    NBGRADER_LOG.parent.mkdir(parents=True, exist_ok=True)
    words: list[str] = []
    with (
        NBGRADER_LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=EXERCISES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout:
            log.write(line)
            words.append(line)
            if found := re.search(r"Converting notebook .*/(submitted|autograded)/([^/]+)/", line):
                print(f"    {found[2]}", flush=True)
    if process.returncode:
        raise AssignmentError(
            f"nbgrader {' '.join(arguments)} failed. All it said is in {NBGRADER_LOG}; the end:\n{''.join(words[-20:])}"
        )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["make", "take", "list"])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all when none is given; take needs one")
    options = parser.parse_args(arguments)
    if options.action == "take" and len(options.names) != 1:
        parser.error("take needs exactly one NAME")
    try:
        if options.action == "list":
            print("\n".join(names()))
        if not names():
            raise AssignmentError(f"{EXERCISES / 'assignments'}: there is no assignment")
        for name in options.names or names():
            if options.action == "make":
                make(Assignment(name))
            elif options.action == "take":
                take(Assignment(name))
    except AssignmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
