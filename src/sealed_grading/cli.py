"""sealed-grading: grade an nbgrader assignment so that no submission can forge its points."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from . import sandbox
from .course import Assignment, CourseError, open_course, read_assignment
from .grade import FAULT, Batch, students
from .sandbox import Limits, SandboxError


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every submission has its state, 2 for wrong usage or a machine that cannot, 3 when the grader failed."""
    parser = argparse.ArgumentParser(prog="sealed-grading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grading = commands.add_parser("grade", help="grade an assignment's submissions, write gradebook and feedback")
    grading.add_argument("assignment")
    grading.add_argument("--course", type=Path, default=Path(), help="the course folder; here, when not given")
    grading.add_argument("--student", action="append", help="only this one; may be given more than once")
    grading.add_argument("--again", action="store_true", help="also what was graded before and has not changed")
    grading.add_argument(
        "--dry-run", action="store_true", help="grade, write nothing, and say which scores would change"
    )
    tiers = "; ".join(f"{name}: {words}" for name, words in sandbox.TIERS.items())
    grading.add_argument("--tier", choices=sandbox.TIERS, default=sandbox.FULL, help=tiers)
    grading.add_argument("--json", action="store_true", help="the verdicts as JSON, a line each, on standard output")
    options = parser.parse_args(arguments)
    try:
        assignment = read_assignment(open_course(options.course.resolve()), options.assignment)
        return grade(assignment, options)
    except CourseError as error:
        say(f"sealed-grading: {error}")
        return 2


def grade(assignment: Assignment, options: argparse.Namespace) -> int:
    """Grade what the command line asks for.

    Raises:
        CourseError: there is no such student, or no submission.
    """
    handed_in = students(assignment)
    if strangers := set(options.student or []) - set(handed_in):
        raise CourseError(f"no submission of {', '.join(sorted(strangers))} for {assignment.name}")
    if not handed_in:
        raise CourseError(f"no submissions in {assignment.folder('submitted', '*')}; collect them first")
    wanted = options.student or handed_in
    try:
        warm = sandbox.start(Limits(), options.tier, list(assignment.root.iterdir()), assignment.modules)
    except SandboxError as error:
        say(f"sealed-grading: nothing was graded, for the tier {options.tier!r} cannot be had here.\n  {error}")
        if options.tier == sandbox.FULL:
            say(f"  For your own work alone there is --tier {sandbox.BARE}: {sandbox.TIERS[sandbox.BARE]}")
        return 2
    say(f"{assignment.name}: {len(wanted)} submissions; tier {options.tier}: {sandbox.TIERS[options.tier]}")
    states: Counter = Counter()
    try:
        batch = Batch(assignment, Limits(), options.tier, say, write=not options.dry_run)
        for verdict in batch.run(warm, wanted, options.again):
            states[verdict.state] += 1
            said = {"student": verdict.student, "state": verdict.state}
            if options.dry_run:
                said["changes"] = batch.writer.differences(verdict)
                if not options.json:
                    for line in said["changes"]:
                        print(f"{verdict.student}, {line}", flush=True)
            if options.json:
                print(json.dumps(said | {"sentences": verdict.sentences, "scores": verdict.scores}), flush=True)
    finally:
        warm.stop()
    say(", ".join(f"{count} {state}" for state, count in states.items()) or "nothing to do")
    return 3 if states[FAULT] else 0


if __name__ == "__main__":
    sys.exit(main())
