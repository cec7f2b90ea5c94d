"""The instructor's own solutions, run before the class: they show what answers may change, and which tests are broken."""

import json

from . import controls, execute, intake
from .channel import ChannelError
from .course import Assignment, Original
from .gates import Refused
from .gradebook import Verdict
from .sandbox import Limits, SandboxError, Warm


def points_of(verdict: Verdict) -> set[tuple[str, str]]:
    """Return the cells, each with its notebook before it, that have earned a point."""
    return {(name, cell) for name, cells in verdict.scores.items() for cell, points in cells.items() if points}


def observe(warm: Warm, assignment: Assignment, limits: Limits) -> dict[tuple[str, str], str]:
    """Run the instructor's own solutions and note in each notebook what they change.

    Returns: the tests, each with its notebook before it, in which they do not earn all points, with why.
    """
    found: dict[tuple[str, str], str] = {}
    for name, original in assignment.notebooks.items():
        if original.source is None:
            continue
        try:
            failing = _tried(warm, assignment, original, limits)
            if any(changed - original.given[answer] for answer, changed in original.seen_to_change.items()):
                failing = _tried(warm, assignment, original, limits)  # now that tests look at what was changed
        except (Refused, SandboxError, ChannelError, TimeoutError) as error:  # the class is graded all the same
            failing = dict.fromkeys(_points(original), f"It could not be run: {error}")
        found |= {(name, test): why for test, why in failing.items()}
    return found


def by_files(assignment: Assignment) -> set[tuple[str, str]]:
    """Return the tests, each with its notebook before it, that read a file which learners hand in, for source/ has none."""
    found = set()
    for name, original in assignment.notebooks.items():
        asked = controls.questions(original, frozenset(assignment.files))
        theirs = {file for question in asked for file in question.files}
        tests = [cell for cell in original.cells.values() if cell.is_test]
        found |= {(name, cell.name) for cell in tests if any(file in cell.source for file in theirs)}
    return found


def _points(original: Original) -> dict[str, float]:
    return {cell.name: cell.points for cell in original.cells.values() if cell.is_test and cell.points}


def _tried(warm: Warm, assignment: Assignment, original: Original, limits: Limits) -> dict[str, str]:
    notebook = intake.rebuild(original, json.dumps(original.source).encode()).notebook
    about = original, notebook, assignment.files, "", limits
    try:
        run = execute.execute(warm.parent(), *about, watch=True)
    except SandboxError:  # the warm parent has ended
        run = execute.execute(warm.parent(), *about, watch=True)
    original.seen_to_change.update(run.changed)
    tests, failing = _points(original), {}
    for cell in notebook.cells:
        test = cell.metadata.get("nbgrader", {}).get("grade_id")
        if test in tests and run.scores[test] < tests[test]:
            errors = [output for output in cell.outputs if output.output_type == "error"]
            words = [
                output.evalue if output.ename == execute.NOT_SEEN else f"{output.ename}: {output.evalue}".strip(": ")
                for output in errors
            ]
            short = f"It gave {run.scores[test]:g} of {tests[test]:g} points, or wrote to standard error."
            failing[test] = words[0].splitlines()[0] if words else short
    return failing
