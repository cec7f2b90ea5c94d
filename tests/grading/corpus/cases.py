"""What a case of the corpus is, and how it is handed in."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import nbformat
from nbgrader.apps import NbGraderAPI

from sealed_grading.course import open_course

COURSE = Path(__file__).parent / "course"
NAME = "probe"
SECRETS = ["heron-in-the-hidden-tests", "heron-in-the-solution", "heron-in-the-mark-scheme", "heron-of-a-classmate"]
"""What no submission may learn: the course's, and the memo of the neighbour `aaa-neighbour`."""

RIGHT = {  # in the order of the items
    "gaps": "def gaps(numbers):\n    return [b - a for a, b in zip(numbers, numbers[1:])]",
    "yearly": "def yearly(rain):\n    return rain.groupby('year')['mm'].mean()",
    "wettest": "wettest = rain.groupby('town')['mm'].mean().idxmax()",
    "table": "table = rain.groupby('town', as_index=False)['mm'].sum().rename(columns={'mm': 'total'})",
    "answer.json": '{"driest": "Coll"}',
    "leap": "def leap(year):\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)",
    "season": "def season(month):\n    return ['winter', 'spring', 'summer', 'autumn'][month % 12 // 3]",
    "memo": "I would move to Bree.",
}
WRONG = {
    "gaps": "def gaps(numbers):\n    return [1]",
    "yearly": "def yearly(rain):\n    return rain.groupby('year')['mm'].sum()",
    "wettest": "wettest = 'Aln'",
    "table": "table = rain.groupby('town', as_index=False)['mm'].max()",
    "leap": "def leap(year):\n    return False",
    "season": "def season(month):\n    return 'monsoon'",
    "memo": "I would move to Bree.",
    "answer.json": '{"driest": "Bree"}',
}


def source() -> nbformat.NotebookNode:
    notebook = jupytext.read(COURSE / f"{NAME}.py")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return notebook


MARKS = [cell.metadata.get("nbgrader", {}) for cell in source().cells]
ITEMS = {mark["grade_id"]: mark["points"] for mark in MARKS if mark.get("grade") and not mark["solution"]}
"""The items that a machine marks, with their points."""


@dataclass(frozen=True)
class Case:
    """One submission. Its points are those of `base` but for the items in `points`."""

    name: str  # also the student's
    attack: str  # the class that it is counted in
    why: str  # it is in the corpus: what must not happen, or what must
    code: str = ""  # set before the first answer
    answers: dict[str, str] = field(default_factory=dict)  # by grade_id, or name of a file, in place of the base's
    base: dict[str, str] = field(default_factory=lambda: WRONG)
    bend: Callable[[dict], dict | None] | None = None  # changes the notebook, JSON as Python reads it
    place: Callable[[Path], None] | None = None  # changes the folder that was handed in
    state: str | tuple[str, ...] = "graded"
    says: str = ""  # words in a sentence for the learner
    points: dict[str, float] = field(default_factory=dict)
    may_lose: bool = False  # other points too: what it breaks is its own, and timing decides how much
    stock: bool = (
        True  # may be run with stock nbgrader, shut in: it fills neither the machine's memory nor its process table
    )

    @property
    def states(self) -> tuple[str, ...]:
        return (self.state,) if isinstance(self.state, str) else self.state

    @property
    def expected(self) -> dict[str, float]:
        """Points of each item that the engine must give: what the answers deserve, as far as the submission lets them be graded."""
        whole = ITEMS if self.base is RIGHT else dict.fromkeys(ITEMS, 0)
        assert self.points.keys() <= ITEMS.keys(), self.name
        return {**whole, **self.points}

    @property
    def deserved(self) -> dict[str, float]:
        """Points that no grader gives wrongly: a right answer deserves its own, also where an ended process or a gate cost it them."""
        points = self.expected
        if self.base is RIGHT and (not self.place or "graded" not in self.states):
            points |= {
                item: ITEMS[item] for item, answer in zip(ITEMS, RIGHT, strict=False) if answer not in self.answers
            }
        return points


def none_but(**points: float) -> dict[str, float]:
    """Return points for a case on the right base: nothing but these, by item with underscores for hyphens."""
    return {**dict.fromkeys(ITEMS, 0), **{name.replace("_", "-"): worth for name, worth in points.items()}}


def make_course(folder: Path) -> Path:
    """Return `folder`, a new nbgrader course with the assignment made by nbgrader itself."""
    shutil.copytree(COURSE, folder, ignore=shutil.ignore_patterns(f"{NAME}.py"))
    nbformat.write(source(), folder / f"source/{NAME}/{NAME}.ipynb")
    course = open_course(folder)
    made = NbGraderAPI(coursedir=course, config=course.config).generate_assignment(NAME, create=True)
    if not made["success"]:
        raise RuntimeError(f"nbgrader did not make the assignment:\n{made['log']}")
    return folder


def hand_in(case: Case, course: Path, port: int = 9, seen: str = "") -> Path:
    """Put the case into the course's folder of submissions.

    In its code @COURSE@ becomes that folder, or `seen` where a sandbox shows it under another name, and @PORT@ a port.

    Returns:
        The submission's folder.
    """
    folder = course / "submitted" / case.name / NAME
    folder.mkdir(parents=True)
    answers = {**case.base, **case.answers}
    if case.code:
        answers["gaps"] = f"{case.code}\n{answers['gaps']}"
    notebook = json.loads(json.dumps(nbformat.read(course / f"release/{NAME}/{NAME}.ipynb", as_version=4)))
    for cell in notebook["cells"]:
        answer = answers.pop(cell["metadata"].get("nbgrader", {}).get("grade_id"), None)
        if answer is not None:
            cell["source"] = answer.replace("@COURSE@", seen or str(course)).replace("@PORT@", str(port))
    if case.bend:
        notebook = case.bend(notebook) or notebook
    (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name, text in answers.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy2(course / f"release/{NAME}/rain.csv", folder)
    if case.place:
        case.place(folder)
    return folder
