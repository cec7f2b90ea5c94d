"""What is written into nbgrader's gradebook: one submission, one transaction, by one writer."""

import datetime as dt
import json
from dataclasses import dataclass

import sqlalchemy as sql
from nbgrader import api

from .course import Assignment

RUNS = sql.Table(
    "sealed_grading_run",
    sql.MetaData(),
    sql.Column("student_id", sql.String(128), primary_key=True),
    sql.Column("assignment_id", sql.String(32), primary_key=True),
    sql.Column("state", sql.String(32), nullable=False),
    sql.Column("sentences", sql.Text, nullable=False),  # JSON: why, and what was mended
    sql.Column("attempt", sql.Integer, nullable=False),
    sql.Column("engine", sql.String(32), nullable=False),
    sql.Column("tier", sql.String(32), nullable=False),
    sql.Column("limits", sql.Text, nullable=False),
    sql.Column("seconds", sql.Text, nullable=False),
    sql.Column("digest", sql.String(64), nullable=False),  # of what was graded, and with what
    sql.Column("returned", sql.Boolean, nullable=False),  # the feedback page was written after it
)
STUDENT, SUBMITTED, NOTEBOOK, GRADE, COMMENT = (
    kind.__table__ for kind in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
)


@dataclass(frozen=True)
class Verdict:
    """One submission's outcome. `scores` holds every grade_id of each notebook: points, or None for a person to mark."""

    student: str
    state: str
    sentences: list[str]
    scores: dict[str, dict[str, float | None]]
    comments: dict[str, dict[str, str | None]]
    timestamp: dt.datetime | None
    seconds: dict
    digest: str


class Writer:
    """The only one that writes; not for use by several threads."""

    def __init__(self, assignment: Assignment, tier: str, limits: dict, write: bool = True):
        self.assignment, self.tier, self.limits = assignment, tier, limits
        self.engine = sql.create_engine(assignment.db_url)
        if write:
            RUNS.metadata.create_all(self.engine)

    def earlier(self) -> dict[str, sql.Row]:
        """Return the last run of each student."""
        if not sql.inspect(self.engine).has_table(RUNS.name):
            return {}
        with self.engine.connect() as connection:
            rows = connection.execute(sql.select(RUNS).where(RUNS.c.assignment_id == self.assignment.row))
            return {row.student_id: row for row in rows}

    def differences(self, verdict: Verdict) -> list[str]:
        """Return what writing `verdict` would change: a line for each score that is now another, or not there yet."""
        query = (
            sql.select(NOTEBOOK.c.notebook_id, GRADE.c.cell_id, GRADE.c.auto_score)
            .join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
            .where(SUBMITTED.c.student_id == verdict.student, SUBMITTED.c.assignment_id == self.assignment.row)
        )
        with self.engine.connect() as connection:
            now = {(row.notebook_id, row.cell_id): row.auto_score for row in connection.execute(query)}
        lines = []
        for name, original in self.assignment.notebooks.items():
            for cell in original.cells.values():
                if row := cell.grade_id or cell.task_id:
                    was, score = now.get((original.row, row), "nothing"), verdict.scores[name].get(cell.name)
                    if was != score:
                        lines.append(f"{cell.name}: {_points(was)} → {_points(score)}")
        return lines

    def write(self, verdict: Verdict, engine: str) -> None:
        """Set the scores, comments and state of one submission in one transaction; marks given by hand stay."""
        with self.engine.begin() as connection:
            self._student(connection, verdict.student)
            submission = self._submission(connection, verdict)
            for name, original in self.assignment.notebooks.items():
                notebook = self._notebook(connection, submission, original.row)
                for cell in original.cells.values():
                    if row := cell.grade_id or cell.task_id:
                        self._grade(connection, notebook, row, verdict.scores[name].get(cell.name))
                    if row := cell.solution_id or cell.task_id:
                        self._comment(connection, notebook, row, verdict.comments[name].get(cell.name))
            self._run(connection, verdict, engine)

    def returned(self, student: str) -> None:
        """Note that the feedback page now says what the gradebook says."""
        with self.engine.begin() as connection:
            connection.execute(sql.update(RUNS).where(*self._key(student)).values(returned=True))

    def _key(self, student: str) -> tuple:
        return RUNS.c.student_id == student, RUNS.c.assignment_id == self.assignment.row

    def _student(self, connection, student: str) -> None:
        if connection.execute(sql.select(STUDENT.c.id).where(STUDENT.c.id == student)).first() is None:
            connection.execute(sql.insert(STUDENT).values(id=student))

    def _submission(self, connection, verdict: Verdict) -> str:
        where = (SUBMITTED.c.student_id == verdict.student, SUBMITTED.c.assignment_id == self.assignment.row)
        row = connection.execute(sql.select(SUBMITTED.c.id).where(*where)).scalar()
        if row is None:
            row = api.new_uuid()
            values = {"id": row, "student_id": verdict.student, "assignment_id": self.assignment.row}
            connection.execute(sql.insert(SUBMITTED).values(**values))
        connection.execute(sql.update(SUBMITTED).where(SUBMITTED.c.id == row).values(timestamp=verdict.timestamp))
        return row

    def _notebook(self, connection, submission: str, original: str) -> str:
        where = (NOTEBOOK.c.assignment_id == submission, NOTEBOOK.c.notebook_id == original)
        row = connection.execute(sql.select(NOTEBOOK.c.id).where(*where)).scalar()
        if row is None:
            row = api.new_uuid()
            values = {"id": row, "assignment_id": submission, "notebook_id": original, "flagged": False}
            connection.execute(sql.insert(NOTEBOOK).values(**values))
        return row

    def _grade(self, connection, notebook: str, cell: str, score: float | None) -> None:
        where = (GRADE.c.notebook_id == notebook, GRADE.c.cell_id == cell)
        row = connection.execute(sql.select(GRADE.c.id, GRADE.c.manual_score).where(*where)).first()
        if row is None:
            values = {
                "id": api.new_uuid(),
                "notebook_id": notebook,
                "cell_id": cell,
                "needs_manual_grade": score is None,
            }
            connection.execute(sql.insert(GRADE).values(auto_score=score, **values))
            return
        again = row.manual_score is not None or score is None  # as nbgrader does: a person looks at it once more
        values = {"auto_score": score, "needs_manual_grade": again}
        connection.execute(sql.update(GRADE).where(*where).values(**values))

    def _comment(self, connection, notebook: str, cell: str, words: str | None) -> None:
        where = (COMMENT.c.notebook_id == notebook, COMMENT.c.cell_id == cell)
        if connection.execute(sql.select(COMMENT.c.id).where(*where)).first() is None:
            connection.execute(sql.insert(COMMENT).values(id=api.new_uuid(), notebook_id=notebook, cell_id=cell))
        connection.execute(sql.update(COMMENT).where(*where).values(auto_comment=words))

    def _run(self, connection, verdict: Verdict, engine: str) -> None:
        attempt = connection.execute(sql.select(RUNS.c.attempt).where(*self._key(verdict.student))).scalar() or 0
        connection.execute(sql.delete(RUNS).where(*self._key(verdict.student)))
        connection.execute(
            sql.insert(RUNS).values(
                student_id=verdict.student,
                assignment_id=self.assignment.row,
                state=verdict.state,
                sentences=json.dumps(verdict.sentences),
                attempt=attempt + 1,
                engine=engine,
                tier=self.tier,
                limits=json.dumps(self.limits),
                seconds=json.dumps(verdict.seconds),
                digest=verdict.digest,
                returned=False,
            )
        )


def _points(score: float | str | None) -> str:
    return "waits for a person" if score is None else score if isinstance(score, str) else f"{score:g}"
