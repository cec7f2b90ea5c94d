"""A sample class of twelve, from submissions to feedback and a list of grades, through nbgrader as an instructor would.

    python -m tools.demo_class [--students N] [--not-among-real | --remove]

The twelve hand in the answers that each assignment's folder holds, in turn. Their submissions are the project's own, so they
are graded at the strongest tier that the machine has, and which one is printed.
"""

import argparse
import csv
import itertools
import sys
import tempfile
from pathlib import Path

import yaml
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeSubmit
from traitlets.config import Config

from sealed_grading import cli, sandbox

from . import SAMPLE, assignments, counted
from .assignments import EXERCISES, Assignment, AssignmentError, front_matter, hand_in, names, nbgrader, read_answer

GRADES = EXERCISES / "grades.csv"


def start_anew() -> None:
    """Remove an earlier sample class.

    Raises:
        AssignmentError: there are real students; a sample class among them would end up in their grades.
    """
    if strangers := assignments.real_students():
        raise AssignmentError(
            f"{assignments.EXERCISES} holds work of real students ({', '.join(strangers[:3])}), so no sample class was made. "
            "To see one, make it in another checkout."
        )
    forget()


def forget() -> list[str]:
    """Remove an earlier sample class and its list of grades; return what was removed, a line each place."""
    removed = assignments.forget_sample_class()
    if GRADES.exists():
        with GRADES.open(encoding="utf-8") as file:
            theirs = {row["student_id"] for row in csv.DictReader(file)}
        if all(student.startswith(SAMPLE) for student in theirs):
            GRADES.unlink()
            removed[GRADES] = len(theirs)
    return [f"{path}: {counted(count, *removed_from(path))}" for path, count in removed.items()]


def removed_from(path: Path) -> tuple[str, str]:
    """Return what an entry of a place is called from which a sample class is removed: one of them, several."""
    if path.suffix:
        return "student", "students"
    if path.name == "inbound":
        return "submission", "submissions"
    if path.parent.parent == assignments.EXCHANGE:
        return "page of feedback", "pages of feedback"
    return "student's folder", "students' folders"


def submit(assignment: Assignment, student: str, answer: Path) -> None:
    """Hand in through the exchange what `student` would: the folder of the assignment with this answer in it."""
    with tempfile.TemporaryDirectory() as home:
        hand_in(assignment, answer, Path(home) / assignment.name)
        config = Config()
        config.CourseDirectory.course_id = course_id()
        config.CourseDirectory.student_id = student
        config.CourseDirectory.assignment_id = assignment.name
        config.Exchange.root = str(assignments.EXCHANGE.resolve())
        config.Exchange.cache = str(Path(home) / "cache")
        config.Exchange.assignment_dir = home
        ExchangeSubmit(
            coursedir=CourseDirectory(config=config), authenticator=Authenticator(config=config), config=config
        ).start()


def course_id() -> str:
    return yaml.safe_load(Path("_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["course"]["id"]


def mark_by_hand(assignment: Assignment, answers: dict[str, Path]) -> None:
    """Give the marks that a person gave, criterion by criterion, with the rubric's words as the comment."""
    with Gradebook(assignments.gradebook()) as book:
        for student, answer in answers.items():
            for item, levels in front_matter(answer).get("rubric", {}).items():
                rubric = assignment.rubric[item]
                grade = book.find_grade(item, assignment.name, assignment.name, student)
                grade.manual_score = sum(levels.values())
                grade.needs_manual_grade = False
                comment = book.find_comment(item, assignment.name, assignment.name, student)
                comment.manual_comment = "\n\n".join(
                    f"{name.capitalize()}: {points} of {max(rubric[name])}. The work {rubric[name][points]}."
                    for name, points in levels.items()
                )
                if item not in read_answer(answer)[1]:
                    comment.manual_comment = "Nothing was written here."
        book.db.commit()


def seal(command: str, name: str) -> None:
    """Run the grading engine; where this machine has no full sandbox, in the bare tier, for the work is our own.

    Raises:
        AssignmentError: it failed; it has said why.
    """
    print(f"exercises$ sealed-grading {command} {name}", flush=True)
    words = [command, name, "--course", str(EXERCISES.resolve())]
    code = cli.main(words)
    if code == 2 and command == "grade":
        code = cli.main([*words, "--tier", sandbox.BARE])
    if code:
        raise AssignmentError(f"sealed-grading {command} {name} ended with exit code {code}")


def handed_in(assignment: Assignment, students: list[str]) -> dict[str, Path]:
    """Return which answers file each of `students` hands in; right and wrong ones are spread over a small class."""
    step = max(1, len(assignment.answers) // len(students))
    return dict(zip(students, itertools.cycle(assignment.answers[::step]), strict=False))


def grade(assignment: Assignment, students: list[str]) -> None:
    """Take one assignment through the whole loop for `students`."""
    answers = handed_in(assignment, students)
    for number, (student, answer) in enumerate(answers.items(), start=1):
        print(f"{assignment.name}: {student} hands in {answer.stem} ({number} of {len(answers)})", flush=True)
        submit(assignment, student, answer)
    # One account stands in for twelve here, so the owner of a file cannot tell whose it is.
    nbgrader("collect", assignment.name, "--ExchangeCollect.check_owner=False")
    seal("grade", assignment.name)
    mark_by_hand(assignment, answers)
    seal("feedback", assignment.name)
    nbgrader("release_feedback", assignment.name)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument(
        "--not-among-real", action="store_true", help="where there are real students, say so and make none"
    )
    parser.add_argument("--remove", action="store_true", help="remove the sample class, and nothing else; make none")
    options = parser.parse_args(arguments)
    if options.remove:
        removed = forget()
        print("\n  ".join(["Removed the sample class:", *removed] if removed else ["There is no sample class."]))
        return 0
    students = [f"{SAMPLE}{number:02}" for number in range(1, options.students + 1)]
    try:
        if options.not_among_real and (real := assignments.real_students()):
            print(f"No sample class: {EXERCISES} holds work of {len(real)} real students, and was left as it is.")
            return 0
        start_anew()
        for name in names():
            nbgrader("release_assignment", name, "--force")
            grade(Assignment(name), students)
        nbgrader("export", "--to", str(GRADES.resolve()))
    except AssignmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
