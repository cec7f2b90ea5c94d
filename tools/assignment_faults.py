"""What an author may have got wrong in an assignment's folder, said before nbgrader stumbles over it."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from nbformat import NotebookNode

from military_diplomacy import tables

from .assignments import Assignment, AssignmentError, read_answer

KINDS = ("reference", "untouched", "right", "wrong")


def faults(assignment: Assignment) -> list[str]:
    """Return one sentence a fault of the text source, the rubric and the answers; empty when all is well."""
    try:
        return [*_source(assignment), *_rubric(assignment), *_answers(assignment)]
    except (AssignmentError, yaml.YAMLError) as error:
        return [str(error)]


def graded(assignment: Assignment) -> dict[str, NotebookNode]:
    """Return the cells that earn points, by grade_id."""
    cells = [cell for cell in assignment.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def by_hand(assignment: Assignment) -> dict[str, float]:
    """Return the points of each item that a person marks."""
    return {
        name: cell.metadata.nbgrader.points
        for name, cell in graded(assignment).items()
        if cell.metadata.nbgrader.solution
    }


def by_machine(assignment: Assignment) -> set[str]:
    """Return the test cells that a machine marks."""
    return set(graded(assignment)) - set(by_hand(assignment))


def _source(assignment: Assignment) -> Iterator[str]:
    for name in assignment.header.get("tables", []):
        try:
            tables.describe(name)
        except KeyError as error:
            yield f"{assignment.text}: its header names a table: {error.args[0]}"
    for cell in assignment.notebook.cells:
        where = f"{assignment.text}, cell {cell.metadata.get('nbgrader', {}).get('grade_id', repr(cell.source[:40]))}"
        for mark in ("SOLUTION", "HIDDEN TESTS"):
            begun, ended = cell.source.count(f"### BEGIN {mark}"), cell.source.count(f"### END {mark}")
            if begun != ended:
                yield f"{where}: {begun} × `### BEGIN {mark}` and {ended} × `### END {mark}`; each begin needs its end"
            if begun and "nbgrader" not in cell.metadata:
                yield f"{where}: holds `### BEGIN {mark}` and no nbgrader metadata; see a cell of another assignment"


def _rubric(assignment: Assignment) -> Iterator[str]:
    path, points = assignment.folder / "rubric.yml", by_hand(assignment)
    for item in sorted(set(points) ^ set(assignment.rubric)):
        yield f"{path}: {item!r} must be both an item here and a cell marked by hand in {assignment.text.name}; it is one"
    for item, criteria in assignment.rubric.items():
        total = sum(max(levels) for levels in criteria.values())
        if total != points.get(item, total):
            yield f"{path}, {item}: the best levels add up to {total}, the item has {points[item]} points"
        for criterion, levels in criteria.items():
            if len(levels) != 4:
                yield f"{path}, {item}, {criterion}: expected four levels, found {len(levels)}"


def _answers(assignment: Assignment) -> Iterator[str]:
    found = {path.stem.split("-")[0] for path in assignment.answers}
    if missing := [kind for kind in KINDS if kind not in found]:
        yield f"{assignment.folder / 'answers'}: no file whose name begins with {', '.join(missing)}"
    open_cells = {
        cell.metadata.nbgrader.grade_id
        for cell in assignment.notebook.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for path in assignment.answers:
        header, answers = read_answer(path)
        for name in answers:
            if name not in open_cells:
                yield f"{path}: {name!r} is no answer cell; there are: {', '.join(sorted(open_cells))}"
        expected = set(header.get("expected") or {})
        if expected != by_machine(assignment):
            yield f"{path}: `expected` must give points for {sorted(by_machine(assignment))}, found {sorted(expected)}"
        if path.stem.startswith("wrong") and not header.get("misconception"):
            yield f"{path}: a wrong answer says its `misconception`"
        yield from _marks(path, assignment, header.get("rubric") or {})


def _marks(path: Path, assignment: Assignment, marks: dict) -> Iterator[str]:
    for item, criteria in assignment.rubric.items():
        given = marks.get(item, {})
        if set(given) != set(criteria):
            yield f"{path}: `rubric` must mark {item} by {sorted(criteria)}, found {sorted(given)}"
        for criterion, points in given.items():
            if points not in criteria.get(criterion, {}):
                yield f"{path}: {item}, {criterion}: {points} is none of the levels {sorted(criteria.get(criterion, {}))}"
