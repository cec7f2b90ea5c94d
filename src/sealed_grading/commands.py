"""What each command of `sealed-grading` does, once its words are understood."""

import argparse
import fnmatch
import json
import os
import sys
from collections import Counter
from pathlib import Path

from . import doctor, reference, sandbox
from .course import Assignment, CourseError, open_course, read_assignment
from .gates import shown
from .grade import FAULT, UNGRADED, Batch, not_graded, renew_feedback, students, too_high
from .sandbox import Limits, SandboxError, Zygote

CONFIGS = ("nbgrader_config.py", "nbgrader_config.json")  # one of them makes a folder a course
MOST_NAMED = 20  # students in one line


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def perform(options: argparse.Namespace, begun: Zygote | None) -> int:
    """Do what the command line asks for and return the exit code; `begun` is a warm parent for `grade`."""
    try:
        if options.command == "doctor":
            return examine(options)
        assignment = find_assignment(options.course.resolve(), options.assignment)
        return grade(assignment, options, begun) if options.command == "grade" else return_feedback(assignment, options)
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
        where = f"no submissions in {assignment.folder('submitted', '*')}; collect them first"
        raise CourseError("\n  ".join([where, *_misplaced(assignment)]))
    patterns = options.student or ["*"]
    if strangers := [pattern for pattern in patterns if not fnmatch.filter(handed_in, pattern)]:
        raise CourseError(f"no submission of {', '.join(strangers)} for {assignment.name}")
    return [name for name in handed_in if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _misplaced(assignment: Assignment) -> list[str]:
    """Return a line for each notebook that lies where no grading looks."""
    return [
        f"{shown(str(path))} lies one folder too high and is not graded; its place is {shown(str(path.parent))}/{assignment.name}/"
        for path in too_high(assignment)
    ]


def _absent(batch: Batch) -> list[str]:
    """Return a line that names who has handed in nothing, where there is somebody: the export gives them 0 all the same."""
    here = {*students(batch.assignment), *(path.parent.name for path in too_high(batch.assignment))}
    names = [name for name in batch.writer.without_submission() if name not in here]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return [f"nothing handed in: {', '.join(names[:MOST_NAMED])}{more}"] if names else []


def return_feedback(assignment: Assignment, options: argparse.Namespace) -> int:
    """Write the feedback pages again."""
    count = renew_feedback(assignment, chosen(assignment, options))
    say(f"{assignment.name}: feedback of {_count(count, 'submission')}" + ("" if count else "; grade first"))
    return 0


def grade(assignment: Assignment, options: argparse.Namespace, begun: Zygote | None) -> int:
    """Grade what the command line asks for."""
    wanted = chosen(assignment, options)
    try:
        warm = sandbox.start(Limits(), options.tier, list(assignment.root.iterdir()), assignment.warm_up, begun)
    except SandboxError as error:
        say(f"sealed-grading: nothing was graded, for the tier {options.tier!r} cannot be had here.\n  {error}")
        if options.tier == sandbox.FULL:
            say(f"  For your own work alone there is --tier {sandbox.BARE}: {sandbox.TIERS[sandbox.BARE]}")
        return 2
    say(f"{assignment.name}: {_count(len(wanted), 'submission')}; tier {options.tier}: {sandbox.TIERS[options.tier]}")
    if warm.remark:
        say(warm.remark)
    for name, original in assignment.notebooks.items():
        if original.source is None:
            say(
                f"source/ holds no {name}.ipynb with your solutions, so no answer can replace what a set-up cell makes."
            )
        for cell, why in original.not_run_once.items():
            say(f"{name}, cell {cell}: its tag run-once has no effect, for the cell {why}.")
        for test, what in original.read_as_code.items():
            say(
                f"{name}, test {test}: {', '.join(sorted(what))} runs a text of the answer's where the tests run, and whoever "
                "writes that text can give points to any test. Let a function in the answer's cell do it."
            )
    if not warm.groups:
        say(f"The limit on memory holds for {warm.memory_control}.")
    states, changed = Counter(), 0
    ungraded: dict[str, str] = {}
    earned: set[tuple[str, str]] = set()
    batch = Batch(assignment, Limits(), options.tier, say, write=not options.dry_run)
    try:
        for verdict in batch.run(warm, wanted, options.again):
            states[verdict.state] += 1
            if verdict.state in UNGRADED:
                ungraded[verdict.student] = not_graded(verdict.student, verdict.state, verdict.said, verdict.seconds)
            earned |= reference.points_of(verdict)
            said = {"student": verdict.student, "state": verdict.state}
            if options.dry_run:
                said["changes"] = batch.writer.differences(verdict)
                changed += bool(said["changes"])
                if not options.json:
                    for line in said["changes"]:
                        print(f"{verdict.student}: {line}", flush=True)
            if options.json:
                print(json.dumps(said | {"sentences": verdict.sentences, "scores": verdict.scores}), flush=True)
        if not options.dry_run:
            earned |= batch.writer.earned()
    except (KeyboardInterrupt, BrokenPipeError):
        end = "nothing was written" if options.dry_run else "run the command again for the rest"
        say(f"stopped: {states.total()} of {batch.asked} done; {end}")
        raise
    finally:
        warm.stop()
    say(", ".join(f"{count} {state}" for state, count in states.items()) or "nothing to do")
    for (notebook, test), error in batch.doubts.items() if any(state not in UNGRADED for state in states) else ():
        if (notebook, test) in earned - reference.by_files(assignment):
            say(
                f"your own solution in source/ does not earn all points in {test} here, so an honest answer may not either. {error}"
            )
        elif (notebook, test) not in earned:
            say(f"nobody earned a point in {test}, and your own solution in source/ does not pass it either. {error}")
    if not options.dry_run and (waiting := batch.writer.waiting()):
        say(f"{_count(waiting, 'submission')} of {assignment.name} with an answer that waits for a person's mark")
    for line in _absent(batch) + _misplaced(assignment) if "*" in (options.student or "*") else ():
        say(line)
    if not options.dry_run:
        ungraded = batch.ungraded(wanted) | ungraded  # also of earlier runs
    for student, line in sorted(ungraded.items()):
        say(line)
        for name in () if options.dry_run else assignment.notebooks:
            say(f"  {os.path.relpath(assignment.folder('feedback', student) / f'{name}.html')}")
    if options.dry_run:
        say(f"nothing was written; {changed} of {_count(len(wanted), 'submission')} would change")
    return 3 if states[FAULT] else 0
