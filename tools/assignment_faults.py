"""What an author may have got wrong in an assignment's folder, said before nbgrader stumbles over it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from nbformat import NotebookNode

from military_diplomacy import tables
from sealed_grading.course import LEARNER_ONLY, RUN_ONCE, SCREEN_ONLY, TESTS_ONLY, as_released
from sealed_grading.names import changed, loaded

from .assignments import Assignment, AssignmentError, front_matter, read_answer, read_files

KINDS = ("reference", "untouched", "right", "wrong")
VISIBLE = 60  # points that visible checks carry at least
HEADING = re.compile(
    r"^## Item (?P<number>\d+)\. (?P<title>.+?) \((?P<points>\d+) points, (?P<minutes>\d+) minutes; (?P<objectives>[A-Z]\d+(?:, [A-Z]\d+)*)\)$",
    re.MULTILINE,
)


def faults(assignment: Assignment) -> list[str]:
    """Return one sentence a fault of the text source, the rubric and the answers; empty when all is well."""
    try:
        return [
            *_source(assignment),
            *_tags(assignment),
            *_run_once(assignment),
            *_items(assignment),
            *_rubric(assignment),
            *_answers(assignment),
        ]
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


def by_machine(assignment: Assignment) -> dict[str, float]:
    """Return the points of each test cell."""
    return {
        name: cell.metadata.nbgrader.points
        for name, cell in graded(assignment).items()
        if not cell.metadata.nbgrader.solution
    }


def expected_points(assignment: Assignment, answer: Path) -> dict[str, float]:
    """Return what each test cell should give an answers file: its header's `expected`, a cell not named 0, `all` full points.

    Raises:
        AssignmentError: the header says neither, names no test cell, or gives more points than the cell has.
    """
    most, expected = by_machine(assignment), front_matter(answer).get("expected")
    if expected == "all":
        return most
    if not isinstance(expected, dict):
        raise AssignmentError(f"{answer}: `expected` must be `all` or give points by test cell, found {expected!r}")
    found = [
        f"{answer}: `expected` names {name!r}, which is no test cell; there are: {', '.join(most)}"
        if name not in most
        else f"{answer}: `expected` gives {name} {points} of its {most[name]} points"
        for name, points in expected.items()
        if name not in most or not 0 <= points <= most[name]
    ]
    if found:
        raise AssignmentError("\n".join(found))
    return {name: expected.get(name, 0) for name in most}


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


def _tags(assignment: Assignment) -> Iterator[str]:
    """Yield where a tag that spares a process a cell cannot hold, or a cell that is run in the checker reads what one made that is not."""
    cells = [cell for cell in assignment.notebook.cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if {LEARNER_ONLY, SCREEN_ONLY} & set(cell.metadata.get("tags", []))]
    for cell in cells:
        tags = " and ".join(
            tag for tag in (LEARNER_ONLY, SCREEN_ONLY, TESTS_ONLY) if tag in cell.metadata.get("tags", [])
        )
        about = cell.metadata.get("nbgrader", {})
        if tags and (about.get("solution") or about.get("grade")):
            yield f"{assignment.text}, cell {cell.id}: the tag {tags} is for cells that neither are graded nor answered"
        if TESTS_ONLY in tags and cell in tagged:
            yield (
                f"{assignment.text}, cell {cell.id}: the tags {tags} exclude each other: tests either need the cell or not"
            )
    run = [cell for cell in cells if cell not in tagged and not cell.metadata.get("nbgrader", {}).get("solution")]
    lacking = set().union(*(changed(cell.source) for cell in tagged)) - set().union(
        *(changed(cell.source) for cell in cells if cell not in tagged)
    )
    for cell in run:
        if used := sorted(loaded(cell.source) & lacking):
            yield (
                f"{assignment.text}, cell {cell.id}: reads {', '.join(used)}, which a cell with the tag {LEARNER_ONLY} or {SCREEN_ONLY} makes; "
                "take the tag off that cell, or make it anew here"
            )


def _run_once(assignment: Assignment) -> Iterator[str]:
    """Yield where a cell that is to be run once for the class cannot be, or does not do the same for every learner."""
    cells, broken = [cell for cell in assignment.notebook.cells if cell.cell_type == "code"], False
    refused = as_released(assignment.name, assignment.notebook).not_run_once
    for cell in cells:
        where, about = f"{assignment.text}, cell {cell.id}: the tag {RUN_ONCE}", cell.metadata.get("nbgrader", {})
        tags = cell.metadata.get("tags", [])
        if RUN_ONCE not in tags:
            broken = True
            continue
        if cell.id in refused:
            yield f"{where} has no effect, for the cell {refused[cell.id]}"
        if TESTS_ONLY not in tags and (broken or about.get("solution") or about.get("grade")):
            yield (
                f"{where} is for the code cells at the beginning, up to the first that is graded, answered or without it, and with "
                f"{TESTS_ONLY} for later ones"
            )
        for name in assignment.header.get("files", []):
            if name in cell.source:
                yield f"{where} is for cells that do the same for every learner; this one reads {name}, which learners hand in"


def _items(assignment: Assignment) -> Iterator[str]:
    """Yield what differs between the items' headings, their cells, the last cell's plan and the header."""
    cells, points, minutes, plan = assignment.notebook.cells, 0, 0, {}
    starts = [number for number, cell in enumerate(cells) if re.search(r"^## ", cell.source, re.MULTILINE)]
    for begin, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        if not cells[begin].source.startswith("## Item"):
            continue
        heading = HEADING.search(cells[begin].source)
        where = f"{assignment.text}, `{cells[begin].source.splitlines()[0]}`"
        if not heading:
            yield f"{where}: expected `## Item N. Title (P points, M minutes; K1, K2)` with the ids of the chapter's objectives"
            continue
        if (hints := cells[begin].source.count("<summary>Hint ")) != 3:
            yield f"{where}: expected three hints, found {hints}"
        parts: dict[str, float] = {}
        for name, cell in (
            (c.metadata.nbgrader.grade_id, c) for c in cells[begin:end] if c.metadata.get("nbgrader", {}).get("grade")
        ):
            kind = (
                "marker"
                if cell.metadata.nbgrader.solution
                else "hidden"
                if "BEGIN HIDDEN TESTS" in cell.source
                else name
            )
            parts[kind] = parts.get(kind, 0) + cell.metadata.nbgrader.points
            if kind == name and f'checks.item("{name}", {cell.metadata.nbgrader.points})' not in cell.source:
                yield f'{where}, cell {name}: its checks should stand below `with checks.item("{name}", {cell.metadata.nbgrader.points}):`'
        if sum(parts.values()) != int(heading["points"]):
            yield f"{where}: its cells have {sum(parts.values())} points"
        points, minutes = points + int(heading["points"]), minutes + int(heading["minutes"])
        plan[f"{heading['number']} {heading['title']}"] = parts
    for key, found in (("points", points), ("minutes", minutes)):
        if assignment.header.get(key) != found:
            yield f"{assignment.text}: its header says `{key}: {assignment.header.get(key)}`, its items add up to {found}"
    visible = sum(value for parts in plan.values() for name, value in parts.items() if name not in ("hidden", "marker"))
    if visible < VISIBLE:
        yield f"{assignment.text}: visible checks carry {visible} points; expected at least {VISIBLE}"
    found = re.search(r"checks\.provisional_score\((.*)\)", "\n".join(cell.source for cell in cells[-1:]), re.DOTALL)
    if not found or _literal(found[1]) != plan:
        yield f"{assignment.text}: the last cell should be `checks.provisional_score(PLAN)`, PLAN being {plan}"


def _literal(text: str) -> object:
    """Return the value that `text` writes out, None where it does not."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return None


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
        try:
            yield from _answer(path, assignment, open_cells)
        except AssignmentError as error:  # the other files have their say all the same
            yield str(error)


def _answer(path: Path, assignment: Assignment, open_cells: set[str]) -> Iterator[str]:
    kind = path.stem.split("-")[0]
    if kind not in KINDS:
        yield f"{path}: its name should begin with {', '.join(KINDS)}"
    header, answers = read_answer(path)
    for name in answers:
        if name not in open_cells:
            yield f"{path}: {name!r} is no answer cell; there are: {', '.join(sorted(open_cells))}"
    if strange := set(read_files(path)) - set(assignment.header.get("files", [])):
        yield f"{path}: {sorted(strange)[0]!r} is none of the `files` that {assignment.text.name} says are handed in"
    if kind in ("reference", "right"):
        if missing := sorted(open_cells - set(answers)):
            yield f"{path}: a right answer answers every item; write `# %% GRADE_ID` and the answer for: {', '.join(missing)}"
        if missing := sorted(set(assignment.header.get("files", [])) - set(read_files(path))):
            yield f"{path}: a right answer hands in every file; write `# %% [raw] FILE` and its text for: {', '.join(missing)}"
    for name in set(header.get("message") or {}) - set(by_machine(assignment)):
        yield f"{path}: `message` names {name!r}, which is no test cell; there are: {', '.join(by_machine(assignment))}"
    if kind == "wrong" and not header.get("misconception"):
        yield f"{path}: a wrong answer says its `misconception`"
    yield from _marks(path, assignment, header.get("rubric") or {})
    earned = expected_points(assignment, path)
    if kind in ("reference", "right") and earned != by_machine(assignment):
        yield f"{path}: a right answer has `expected: all`"
    if kind == "untouched" and any(earned.values()):
        yield f"{path}: an untouched one has `expected: {{}}`"


def _marks(path: Path, assignment: Assignment, marks: dict) -> Iterator[str]:
    for item, criteria in assignment.rubric.items():
        given = marks.get(item, {})
        if set(given) != set(criteria):
            yield f"{path}: `rubric` must mark {item} by {sorted(criteria)}, found {sorted(given)}"
        for criterion, points in given.items():
            if points not in criteria.get(criterion, {}):
                yield f"{path}: {item}, {criterion}: {points} is none of the levels {sorted(criteria.get(criterion, {}))}"
