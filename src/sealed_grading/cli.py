"""sealed-grading: grade an nbgrader assignment so that no submission can forge its points."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from .course import CourseError, open_course, read_assignment
from .grade import grade, students
from .sandbox import Limits, SandboxError

FULL = "full"


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every submission has its state, 2 for wrong usage, 3 when the grader itself failed."""
    parser = argparse.ArgumentParser(prog="sealed-grading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grading = commands.add_parser("grade", help="grade an assignment's submissions, write gradebook and feedback")
    grading.add_argument("assignment")
    grading.add_argument("--course", type=Path, default=Path(), help="the course folder; here, when not given")
    grading.add_argument("--student", action="append", help="only this one; may be given more than once")
    grading.add_argument("--again", action="store_true", help="also what was graded before and has not changed")
    grading.add_argument("--json", action="store_true", help="the verdicts as JSON, a line each, on standard output")
    options = parser.parse_args(arguments)

    def say(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    try:
        assignment = read_assignment(open_course(options.course.resolve()), options.assignment)
        wanted = students(assignment)
        if strangers := set(options.student or []) - set(wanted):
            raise CourseError(f"no submission of {', '.join(sorted(strangers))} for {assignment.name}")
        wanted = options.student or wanted
        if not wanted:
            raise CourseError(f"no submissions in {assignment.folder('submitted', '*')}; collect them first")
        say(f"{assignment.name}: {len(wanted)} submissions, sandbox: {FULL}")
        states: Counter = Counter()
        for verdict in grade(assignment, wanted, Limits(), FULL, options.again, say):
            states[verdict.state] += 1
            if options.json:
                said = {
                    "student": verdict.student,
                    "state": verdict.state,
                    "sentences": verdict.sentences,
                    "scores": verdict.scores,
                }
                print(json.dumps(said), flush=True)
    except CourseError as error:
        say(f"sealed-grading: {error}")
        return 2
    except SandboxError as error:
        say(f"sealed-grading: {error}")
        return 3
    say(", ".join(f"{count} {state}" for state, count in states.items()) or "nothing to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
