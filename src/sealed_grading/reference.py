"""The instructor's own solutions, tried where nobody has earned a point: is it the item that is hard, or the test that is broken?"""

import json

from . import execute, intake
from .course import Assignment
from .gates import Refused
from .gradebook import Verdict
from .sandbox import Limits, SandboxError, Warm


def points_of(verdict: Verdict) -> set[tuple[str, str]]:
    """Return the cells, each with its notebook before it, that have earned a point."""
    return {(name, cell) for name, cells in verdict.scores.items() for cell, points in cells.items() if points}


def unearned(assignment: Assignment, earned: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the tests, each with its notebook before it, that are not among those in which somebody `earned` a point."""
    known = [(name, cell) for name, original in assignment.notebooks.items() for cell in original.cells.values()]
    return [
        (name, cell.name) for name, cell in known if cell.is_test and cell.points and (name, cell.name) not in earned
    ]


def failing(warm: Warm, assignment: Assignment, tests: list[tuple[str, str]], limits: Limits) -> dict[str, str]:
    """Return which of `tests` the instructor's own solutions fail too, by cell, with the error that ended each."""
    found = {}
    for name, original in assignment.notebooks.items():
        asked = {test for notebook, test in tests if notebook == name}
        if not asked or original.source is None:
            continue
        try:
            notebook = intake.rebuild(original, json.dumps(original.source).encode()).notebook
            run = execute.execute(warm.parent(), original, notebook, assignment.files, "", limits)
        except (Refused, SandboxError) as error:  # the class is graded: this must not end the run
            found |= dict.fromkeys(asked, f"It could not be run: {error}")
            continue
        for cell in notebook.cells:
            test = cell.metadata.get("nbgrader", {}).get("grade_id")
            if test in asked and not run.scores[test]:
                errors = [output for output in cell.outputs if output.output_type == "error"]
                words = [f"{output.ename}: {output.evalue}".strip(": ").splitlines()[0] for output in errors]
                found[test] = words[0] if words else run.sentence
    return found
