"""An nbgrader course folder, as its own nbgrader configuration describes it, and one assignment of it."""

import base64
import builtins
import itertools
import json
import os
import sys
import traceback
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from .names import bound, changed, import_targets, imported, imports_as, loaded, read_as_code, touched, touched_inside

LEARNER_ONLY = "learner-only"  # the author's tag on a cell that makes nothing which a test reads
SCREEN_ONLY = "screen-only"  # and on one that moreover is not worth a look in the feedback, such as controls
TESTS_ONLY = "tests-only"  # on a cell that makes what tests give to the answers, such as a small table
RUN_ONCE = "run-once"  # on a cell that does the same for every learner

# nbgrader calls alembic by its bare name, also where the environment has not been activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


class CourseError(Exception):
    """The course folder lacks what grading needs; the message says what, and the command that makes it."""


def open_course(folder: Path) -> CourseDirectory:
    """Return the course in `folder`, with the configuration that nbgrader itself would use there.

    Raises:
        CourseError: a file of that configuration cannot be read, or fails; nbgrader would go on without it.
    """
    app = NbGrader(raise_config_file_errors=True)
    here = Path.cwd()
    os.chdir(folder)
    sys.path.append(str(Path.cwd()))  # where nbgrader finds a course's own plugins
    try:
        app.load_config_file()  # nbgrader's own search, which includes the folder that one stands in
        course = CourseDirectory(config=app.config)
        course.root = str(Path(course.root).resolve())
    except Exception as error:
        raise CourseError(f"{_place(error, folder)}: {type(error).__name__}: {error}") from error
    finally:
        os.chdir(here)
    return course


def _place(error: Exception, folder: Path) -> str:
    """Return the file and line of the configuration that an error comes from; the folder, where no line of Python is to blame."""
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename, error.lineno))
    found = [line for line in lines if str(line[0]).endswith("_config.py")]
    return "{}, line {}".format(*found[-1]) if found else f"the configuration of the course in {folder}"


def key(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


@dataclass(frozen=True)
class Cell:
    """A cell that nbgrader knows, from the gradebook: the grader's truth about it."""

    name: str
    kind: str  # code or markdown
    source: str  # with hidden tests
    locked: bool
    checksum: str
    grade_id: str | None = None  # its row in the gradebook, where it earns points
    points: float = 0
    solution_id: str | None = None
    task_id: str | None = None

    @property
    def is_test(self) -> bool:
        return self.grade_id is not None and self.solution_id is None and self.kind == "code"

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it: an answer that earns points itself, or a task, which is answered in cells below it."""
        return bool(self.grade_id or self.task_id) and not self.is_test


@dataclass(frozen=True, eq=False)  # what follows from it alone is found once for the class
class Original:
    """One notebook of the assignment."""

    name: str
    row: str
    kernelspec: dict | None
    cells: dict[str, Cell]
    released: NotebookNode
    source: NotebookNode | None  # with the instructor's solutions, where it is at hand
    seen_to_change: dict[str, set[str]] = field(default_factory=dict)  # names, by the instructor's answer that was run

    @cached_property
    def released_sources(self) -> dict[str | None, str]:
        """The text of each released cell that nbgrader knows, by its name: without hidden tests and mark schemes, however they are marked."""
        return {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in self.released.cells}

    @cached_property
    def given(self) -> dict[str, frozenset[str]]:
        """The names that the instructor's own answers define or change, by the answer: an answer may replace these, and no other.

        Without the instructor's solutions, those that the released answers define.
        """
        answers = self.source or self.released
        marked = [(cell, cell.metadata.get("nbgrader", {})) for cell in answers.cells if cell.cell_type == "code"]
        return {
            about["grade_id"]: (changed(cell.source) | touched_inside(cell.source)) - self._libraries
            for cell, about in marked
            if about.get("solution")
        }

    @property
    def may_replace(self) -> dict[str, frozenset[str]]:
        """`given`, with the names whose values the instructor's own answers were seen to change."""
        return {name: names.union(self.seen_to_change.get(name, ())) for name, names in self.given.items()}

    @cached_property
    def imports(self) -> dict[str, str]:
        """What the instructor's own answers import, by its name."""
        answers = [cell for cell in (self.source or self.released).cells if cell.cell_type == "code"]
        solutions = [cell.source for cell in answers if cell.metadata.get("nbgrader", {}).get("solution")]
        return {name: what for source in solutions for name, what in import_targets(source).items()}

    @cached_property
    def read_as_code(self) -> dict[str, set[str]]:
        """The tests that have a text of an answer's run as code in their own process, with what runs it."""
        theirs = frozenset().union(*self.given.values())
        found = {cell.name: read_as_code(cell.source, theirs) for cell in self.cells.values() if cell.is_test}
        return {name: what for name, what in found.items() if what}

    @property
    def beside_tests_once(self) -> tuple[str, ...]:
        """The cells that are run for the tests once for all learners: they bear the tag `run-once`, read nothing that another cell
        makes but modules that such a cell imports, and change no library."""
        return self._tagged_once[0]

    @property
    def not_run_once(self) -> dict[str, str]:
        """Why a cell is run for each learner although it bears the tag `run-once`, by the cell's id."""
        return self._tagged_once[1]

    @property
    def begun_with(self) -> list[str]:
        """The cells with which every learner's process begins: the first ones, while they bear the tag `run-once`, are neither
        graded nor answered, and change no library."""
        cells = [cell for cell in self.released.cells if cell.cell_type == "code" and cell.source.strip()]
        once = itertools.takewhile(
            lambda cell: (
                RUN_ONCE in cell.metadata.get("tags", [])
                and not self._asked(cell)
                and not self.changes_library(cell.source)
            ),
            cells,
        )
        return [cell.source for cell in once]

    def _asked(self, cell: NotebookNode) -> bool:
        """Return whether a released cell is graded or answered."""
        here = self.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        return here is not None and (not here.locked or here.grade_id is not None)

    @cached_property
    def _tagged_once(self) -> tuple[tuple[str, ...], dict[str, str]]:
        found, refused, made, imports = [], {}, set().union(*self.given.values()), set()
        for cell in self.released.cells:
            tags = set(cell.metadata.get("tags", []))
            here = self.cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            asked = self._asked(cell)
            if (
                cell.cell_type != "code"
                or not cell.source.strip()
                or (not asked and tags & {LEARNER_ONLY, SCREEN_ONLY})
            ):
                continue  # it is not run for the tests
            source = here.source if here is not None and here.locked else cell.source
            known = imports | (set(dir(builtins)) - made)
            if RUN_ONCE in tags and not asked:
                if lacking := loaded(source) - bound(source) - known:
                    refused[cell.id] = f"reads {', '.join(sorted(lacking))}, which is made for each learner"
                elif "*" in made:
                    refused[cell.id] = "follows `from … import *`, so that nobody can tell which names it reads"
                elif self.changes_library(source):
                    refused[cell.id] = "sets something in what it imports, which would be set for the answers too"
                else:
                    found.append(source)
                    imports |= imports_as(source)
            imports -= bound(source) - imports_as(source)
            made |= changed(source)
        return tuple(found), refused

    @cached_property
    def _libraries(self) -> frozenset[str]:
        """The names under which cells that are no answers import something."""
        code = [cell for cell in self.released.cells if cell.cell_type == "code"]
        theirs = [cell.source for cell in code if not cell.metadata.get("nbgrader", {}).get("solution")]
        theirs += [cell.source for cell in self.cells.values() if cell.is_test]  # with what is hidden
        return frozenset().union(*map(imports_as, theirs))

    def changes_library(self, source: str) -> bool:
        """Return whether a cell sets something in what the notebook imports, so that to run it twice or for others too may differ."""
        return bool(touched(source) & self._libraries)

    @property
    def by_row(self) -> dict[str, str]:
        """The name of each cell by its row in the gradebook; a cell that is both graded and a solution has two rows."""
        rows = [
            (row, cell.name) for cell in self.cells.values() for row in (cell.grade_id, cell.solution_id, cell.task_id)
        ]
        return {row: name for row, name in rows if row}


@dataclass(frozen=True)
class Assignment:
    """What is graded: the released notebooks, the gradebook's cells, the files that were handed out."""

    name: str
    row: str
    course_id: str
    db_url: str
    root: Path
    notebooks: dict[str, Original]
    files: dict[str, bytes]  # beside the notebooks, as released
    submitted: str
    autograded: str
    feedback: str
    due: bool  # it has a due date
    config: Config  # nbgrader's, for its plugins

    @property
    def warm_up(self) -> dict:
        """What the warm parent does once for all: modules that the instructor's cells import, sorted; and where there is one
        notebook, so that none sees what another left, the cells with which a learner's own process begins, for they stand first
        and bear the tag `run-once`, and those that are run once for the tests, with the files that they read. A cell that changes a
        library is none of these."""
        known = [cell for original in self.notebooks.values() for cell in original.cells.values()]
        modules = set().union(*(imported(cell.source) for cell in known if cell.locked and cell.kind == "code"))
        alone = next(iter(self.notebooks.values())) if len(self.notebooks) == 1 else None
        return {
            "modules": sorted(modules),
            "once": alone.begun_with if alone else [],
            "beside": list(alone.beside_tests_once) if alone else [],
            "files": {name: base64.b64encode(data).decode() for name, data in self.files.items()},
        }

    def folder(self, step: str, student: str) -> Path:
        return self.root / getattr(self, step).format(student_id=student, assignment_id=self.name)


def read_assignment(course: CourseDirectory, name: str) -> Assignment:
    """Return the assignment from gradebook, release and source.

    Raises:
        CourseError: it is not in the gradebook, or was not released here.
    """
    root = Path(course.root)
    make = f"run `nbgrader generate_assignment {name}` in {root} first"
    release = Path(course.format_path(course.release_directory, ".", name))
    source = Path(course.format_path(course.source_directory, ".", name))
    book = course.db_url.removeprefix("sqlite:///")
    if book != course.db_url and not Path(book).is_file():  # nbgrader would make an empty one
        raise CourseError(f"{book}: there is no gradebook; {make}")
    with Gradebook(course.db_url, course.course_id) as book:
        try:
            found = book.find_assignment(name)
        except MissingEntry:
            raise CourseError(f"the gradebook knows no assignment {name!r}; {make}") from None
        notebooks = {}
        for notebook in found.notebooks:
            path = release / f"{notebook.name}.ipynb"
            if not path.is_file():
                raise CourseError(f"{path}: not found, and submissions are rebuilt from it; {make}")
            original, released = source / f"{notebook.name}.ipynb", _released(path)
            notebooks[notebook.name] = Original(
                notebook.name,
                notebook.id,
                json.loads(notebook.kernelspec) if notebook.kernelspec else None,
                _cells(notebook, released),
                released,
                nbformat.read(original, as_version=4) if original.is_file() else None,
            )
            known = notebooks[notebook.name].cells
            if strangers := known.keys() - {
                cell.metadata.get("nbgrader", {}).get("grade_id") for cell in released.cells
            }:
                raise CourseError(
                    f"{path}: the gradebook knows cells that it lacks: {', '.join(sorted(strangers))}; {make}"
                )
        row, due = found.id, found.duedate is not None
    if not notebooks:
        raise CourseError(f"the assignment {name!r} holds no notebook; {make}")
    keep = {"student_id": "{student_id}", "assignment_id": "{assignment_id}"}
    step = {
        step: course.directory_structure.format(nbgrader_step=getattr(course, f"{step}_directory"), **keep)
        for step in ("submitted", "autograded", "feedback")
    }
    return Assignment(
        name,
        row,
        course.course_id,
        course.db_url,
        root,
        notebooks,
        _files(release),
        **step,
        due=due,
        config=course.config,
    )


def _cells(notebook, released: NotebookNode) -> dict[str, Cell]:
    """Return what the gradebook knows of each cell, in the order of the release."""
    places = {cell.metadata.get("nbgrader", {}).get("grade_id"): place for place, cell in enumerate(released.cells)}
    graded = {cell.name: cell for cell in notebook.grade_cells}
    tasks = {cell.name: cell for cell in notebook.task_cells}
    solutions = {cell.name: cell.id for cell in notebook.solution_cells}
    made = {}
    for cell in sorted(notebook.source_cells, key=lambda cell: places.get(cell.name, 0)):
        earns = graded.get(cell.name) or tasks.get(cell.name)
        made[cell.name] = Cell(
            cell.name,
            cell.cell_type,
            cell.source,
            cell.locked,
            cell.checksum,
            graded[cell.name].id if cell.name in graded else None,
            earns.max_score if earns else 0,
            solutions.get(cell.name),
            tasks[cell.name].id if cell.name in tasks else None,
        )
    return made


def read_release(folder: Path) -> tuple[dict[str, Original], dict[str, bytes]]:
    """Return the notebooks of a release and the files beside them, without a gradebook: its cells hold no hidden test.

    Raises:
        CourseError: it holds no notebook that nbgrader released.
    """
    notebooks = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            released = _released(path)
        except (OSError, ValueError) as error:
            raise CourseError(f"{path}: no notebook that can be read ({error})") from None
        if (original := as_released(path.stem, released)).cells:
            notebooks[path.stem] = original
    if not notebooks:
        raise CourseError(f"{folder}: there is no released notebook of nbgrader in this folder")
    return notebooks, _files(folder)


def as_released(name: str, notebook: NotebookNode) -> Original:
    """Return a notebook with what its own marks say of its cells, without a gradebook."""
    cells = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if grade_id := about.get("grade_id"):
            mark = {kind: grade_id if about.get(kind) else None for kind in ("grade", "solution", "task")}
            cells[grade_id] = Cell(
                grade_id,
                cell.cell_type,
                cell.source,
                about.get("locked", False),
                about.get("checksum", ""),
                mark["grade"],
                about.get("points", 0),
                mark["solution"],
                mark["task"],
            )
    return Original(name, "", notebook.metadata.get("kernelspec"), cells, notebook, None)


def _released(path: Path) -> NotebookNode:
    """Return a released notebook. Its cells are told apart by their ids: where its format is older than these, by their place."""
    notebook = nbformat.read(path, as_version=4)
    if notebook.nbformat_minor < 5:
        for place, cell in enumerate(notebook.cells):
            cell.id = f"cell-{place}"
        notebook.nbformat_minor = 5
    return notebook


def _files(release: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(release.rglob("*")) if path.is_file() and path.suffix != ".ipynb"]
    hidden = [path for path in paths if any(part.startswith(".") for part in path.relative_to(release).parts)]
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in paths if path not in hidden}
