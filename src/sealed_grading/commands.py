"""What each command of `sealed-grading` does, once its words are understood."""

import argparse
import fnmatch
import json
import os
import sys
from collections import Counter
from pathlib import Path

from . import doctor, sandbox
from .course import Assignment, CourseError, open_course, read_assignment
from .grade import FAULT, UNGRADED, Batch, not_graded, renew_feedback, students
from .sandbox import Limits, SandboxError, Zygote

CONFIGS = ("nbgrader_config.py", "nbgrader_config.json")  # one of them makes a folder a course


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
        for cell, why in original.not_run_once.items():
            say(f"{name}, cell {cell}: its tag run-once has no effect, for the cell {why}.")
    if not warm.groups:
        say(f"The limit on memory holds for {warm.memory_control}.")
    states: Counter = Counter()
    ungraded: dict[str, str] = {}
    try:
        batch = Batch(assignment, Limits(), options.tier, say, write=not options.dry_run)
        for verdict in batch.run(warm, wanted, options.again):
            states[verdict.state] += 1
            if verdict.state in UNGRADED:
                ungraded[verdict.student] = not_graded(verdict.student, verdict.state, verdict.said, verdict.seconds)
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
    for student, line in sorted(ungraded.items()):
        say(line)
        for name in () if options.dry_run else assignment.notebooks:
            say(f"  {os.path.relpath(assignment.folder('feedback', student) / f'{name}.html')}")
    return 3 if states[FAULT] else 0
