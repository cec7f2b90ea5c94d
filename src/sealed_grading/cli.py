"""sealed-grading: grade an nbgrader assignment so that no submission can forge its points, or look at one beforehand."""

import argparse
import fnmatch
import json
import os
import sys
from collections import Counter
from pathlib import Path

# At import, jsonschema builds a grammar of web addresses if it can: a second of every start, and no notebook's schema uses it.
sys.modules.setdefault("rfc3987_syntax", None)

from . import doctor, sandbox  # noqa: E402
from .course import Assignment, CourseError, open_course, read_assignment  # noqa: E402
from .grade import FAULT, UNGRADED, Batch, renew_feedback, students  # noqa: E402
from .sandbox import Limits, SandboxError  # noqa: E402

CONFIGS = ("nbgrader_config.py", "nbgrader_config.json")  # one of them makes a folder a course


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when every submission has its state, 2 for wrong usage or a machine that cannot, 3 when the grader failed.

    `doctor` returns 0 for what can be handed in, 1 for what cannot.
    """
    parser = argparse.ArgumentParser(prog="sealed-grading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grading = commands.add_parser("grade", help="grade an assignment's submissions, write gradebook and feedback")
    renewing = commands.add_parser("feedback", help="write the feedback pages again, with the marks given by hand")
    for command in (grading, renewing):
        command.add_argument("assignment")
        command.add_argument("--course", type=Path, default=Path(), help="the course folder; here, when not given")
        command.add_argument(
            "--student",
            action="append",
            help="only these: a name or a pattern such as 'a*'; may be given more than once",
        )
    grading.add_argument("--again", action="store_true", help="also what was graded before and has not changed")
    grading.add_argument(
        "--dry-run", action="store_true", help="grade, write nothing, and say which scores would change"
    )
    tiers = "; ".join(f"{name}: {words}" for name, words in sandbox.TIERS.items())
    grading.add_argument("--tier", choices=sandbox.TIERS, default=sandbox.FULL, help=tiers)
    grading.add_argument("--json", action="store_true", help="the verdicts as JSON, a line each, on standard output")
    examining = commands.add_parser("doctor", help="say what grading would make of a notebook, before it is handed in")
    examining.add_argument("file", type=Path, help="the notebook, or the folder that it lies in")
    examining.add_argument(
        "--release", type=Path, help="the released assignment; looked for around the file, when not given"
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "doctor":
            return examine(options)
        assignment = find_assignment(options.course.resolve(), options.assignment)
        return {"grade": grade, "feedback": return_feedback}[options.command](assignment, options)
    except CourseError as error:
        say(f"sealed-grading: {error}")
        return 2


def examine(options: argparse.Namespace) -> int:
    """Say what the gates make of a file; return 0 where it can be handed in, and 1 where not."""
    sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter
    good, words = doctor.examine(options.file, options.release)
    print(words)
    return 0 if good else 1


def find_assignment(folder: Path, name: str) -> Assignment:
    """Return the assignment of the course in `folder`.

    Raises:
        CourseError: there is no such assignment, or no course; the message says where there is one.
    """
    if not folder.is_dir():
        raise CourseError(f"there is no folder {folder}")
    try:
        return read_assignment(open_course(folder), name)
    except CourseError:
        if any((folder / config).is_file() for config in CONFIGS):
            raise
        near = [path.parent for config in CONFIGS for path in sorted(folder.glob(f"*/{config}"))]
        near += [parent for parent in folder.parents if any((parent / config).is_file() for config in CONFIGS)][:1]
        there = os.path.relpath(near[0]) if near else "FOLDER"
        raise CourseError(
            f"{folder} is no course folder: it holds no {CONFIGS[0]}. Run `cd {there}` first, or add: --course {there}"
        ) from None


def chosen(assignment: Assignment, options: argparse.Namespace) -> list[str]:
    """Return the students whom the command line names; all, when it names none.

    Raises:
        CourseError: there is no such student, or no submission.
    """
    handed_in = students(assignment)
    if not handed_in:
        raise CourseError(f"no submissions in {assignment.folder('submitted', '*')}; collect them first")
    patterns = options.student or ["*"]
    if strangers := [pattern for pattern in patterns if not fnmatch.filter(handed_in, pattern)]:
        raise CourseError(f"no submission of {', '.join(strangers)} for {assignment.name}")
    return [name for name in handed_in if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def return_feedback(assignment: Assignment, options: argparse.Namespace) -> int:
    """Write the feedback pages again."""
    count = renew_feedback(assignment, chosen(assignment, options))
    say(f"{assignment.name}: feedback of {_count(count, 'submission')}" + ("" if count else "; grade first"))
    return 0


def grade(assignment: Assignment, options: argparse.Namespace) -> int:
    """Grade what the command line asks for."""
    wanted = chosen(assignment, options)
    try:
        warm = sandbox.start(Limits(), options.tier, list(assignment.root.iterdir()), assignment.warm_up)
    except SandboxError as error:
        say(f"sealed-grading: nothing was graded, for the tier {options.tier!r} cannot be had here.\n  {error}")
        if options.tier == sandbox.FULL:
            say(f"  For your own work alone there is --tier {sandbox.BARE}: {sandbox.TIERS[sandbox.BARE]}")
        return 2
    say(f"{assignment.name}: {_count(len(wanted), 'submission')}; tier {options.tier}: {sandbox.TIERS[options.tier]}")
    if warm.remark:
        say(warm.remark)
    if not warm.groups:
        say(f"The limit on memory holds for {warm.memory_control}.")
    states: Counter = Counter()
    ungraded: dict[str, list[str]] = {}
    try:
        batch = Batch(assignment, Limits(), options.tier, say, write=not options.dry_run)
        for verdict in batch.run(warm, wanted, options.again):
            states[verdict.state] += 1
            if verdict.state in UNGRADED:
                ungraded[verdict.student] = [verdict.state, *verdict.sentences]
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
    if not options.dry_run and (waiting := batch.writer.waiting()):
        say(f"{_count(waiting, 'submission')} of {assignment.name} with an answer that waits for a person's mark")
    if not options.dry_run:
        ungraded = batch.ungraded(wanted) | ungraded  # also of earlier runs
    for student, (state, sentence, *_) in sorted(ungraded.items()):
        say(f"not graded: {student}, {state}. {sentence}")
        for name in () if options.dry_run else assignment.notebooks:
            say(f"  {os.path.relpath(assignment.folder('feedback', student) / f'{name}.html')}")
    return 3 if states[FAULT] else 0


if __name__ == "__main__":
    sys.exit(main())
