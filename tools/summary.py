"""The last words of `make course`: what was made, and where. Reads only; imports nothing slow."""

import contextlib
import csv
import sqlite3
import statistics
from collections import Counter
from pathlib import Path

from . import SAMPLE, counted

EXERCISES = Path("exercises")
BOOK = Path("_build/html/index.html")


def submissions() -> tuple[Counter, set[str]]:
    """Return how many submissions ended in which state, and the students who have one or stand in the gradebook."""
    collected = {(path.parent.name, path.name) for path in EXERCISES.glob("submitted/*/*") if path.is_dir()}
    with contextlib.closing(sqlite3.connect(f"file:{EXERCISES / 'gradebook.db'}?mode=ro", uri=True)) as book:
        students = {name for (name,) in book.execute("SELECT id FROM student")}
        tried = set()
        if book.execute("SELECT 1 FROM sqlite_master WHERE name = 'sealed_grading'").fetchone():
            tried = set(
                book.execute(
                    "SELECT run.student_id, assignment.name, run.state FROM sealed_grading AS run "
                    "JOIN assignment ON assignment.id = run.assignment_id "
                    "JOIN submitted_assignment AS there USING (student_id, assignment_id)"
                )
            )
    states = Counter(state for _, _, state in tried)
    waiting = collected - {(student, name) for student, name, _ in tried}
    if waiting:
        states["not graded yet"] = len(waiting)
    return states, students | {student for student, _ in collected}


def scores() -> str:
    """Return the span of the exported scores."""
    path = EXERCISES / "grades.csv"
    rows = []
    if path.exists():
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    if not rows:
        return "none exported yet"
    points = [float(row["score"]) for row in rows]
    return f"{min(points):g} to {max(points):g}, median {statistics.median(points):g} of {float(rows[0]['max_score']):g}   {path}"


def main() -> None:
    pages = counted(len(list(Path("_build/html/book").rglob("*.html"))), "page", "pages")
    released = len(list(EXERCISES.glob("release/*")))
    states, students = submissions()
    ended = ", ".join(f"{count} {state}" for state, count in states.most_common())
    feedback = counted(len(list((EXERCISES / "feedback").rglob("*.html"))), "page", "pages")
    work = counted(states.total(), "submission", "submissions")
    theirs = counted(len(students), "student", "students")
    sample = "The sample class hands in the project's own answers; the tier that graded it stands above. "
    print(
        f"""
Made:
  book         {pages:<23} {BOOK}
  assignments  {f"{released} released":<23} {EXERCISES}/release/
  class        {work} of {theirs}{f": {ended}" if ended else ""}   {EXERCISES}/gradebook.db
  scores       {scores()}
  feedback     {feedback:<23} {EXERCISES}/feedback/

{sample * any(student.startswith(SAMPLE) for student in students)}For instructors: README.md.
Read the book: make serve. Check everything: make test. Other targets: make help."""
    )


if __name__ == "__main__":
    main()
