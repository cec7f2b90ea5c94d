"""What is written into nbgrader's gradebook: one submission, one transaction, by one writer."""

import datetime as dt
import json
from dataclasses import dataclass

import sqlalchemy as sql
from nbgrader import api

from .course import Assignment, Original

RUNS = sql.Table(
    "sealed_grading",
    sql.MetaData(),
    sql.Column("student_id", sql.String(128), primary_key=True),
    sql.Column("assignment_id", sql.String(32), primary_key=True),
    sql.Column("state", sql.String(32), nullable=False),
    sql.Column("sentences", sql.Text, nullable=False),  # JSON: why, and what was mended, each with its notebook
    sql.Column("attempt", sql.Integer, nullable=False),
    sql.Column("engine", sql.String(32), nullable=False),
    sql.Column("tier", sql.String(32), nullable=False),
    sql.Column("limits", sql.Text, nullable=False),
    sql.Column("seconds", sql.Text, nullable=False),
    sql.Column("answers", sql.Text, nullable=False),  # JSON: what earned the score, by notebook and cell, as a hash
    sql.Column("digest", sql.String(64), nullable=False),  # of what was graded, and with what
    sql.Column("returned", sql.Boolean, nullable=False),  # the feedback page was written after it
)
STUDENT, SUBMITTED, NOTEBOOK, GRADE, COMMENT = (
    kind.__table__ for kind in (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment)
)
SCORE = sql.func.coalesce(GRADE.c.manual_score, GRADE.c.auto_score, 0) + sql.func.coalesce(GRADE.c.extra_credit, 0)
WORDS = sql.func.coalesce(COMMENT.c.manual_comment, COMMENT.c.auto_comment)


@dataclass(frozen=True)
class Verdict:
    """One submission's outcome. `scores` holds every grade_id of each notebook: points, or None for a person to mark."""

    student: str
    state: str
    # To the learner: the notebook that a sentence is about, None for all, and the sentence.
    said: list[tuple[str | None, str]]
    scores: dict[str, dict[str, float | None]]
    comments: dict[str, dict[str, str | None]]
    timestamp: dt.datetime | None
    answers: dict[str, dict[str, str]]
    seconds: dict
    digest: str

    @property
    def sentences(self) -> list[str]:
        return [sentence for _, sentence in self.said]


def said(run: sql.Row) -> list[tuple[str | None, str]]:
    """Return what a run of the gradebook said, as `Verdict.said`; runs of earlier versions did not say which notebook it was about."""
    return [(None, each) if isinstance(each, str) else tuple(each) for each in json.loads(run.sentences)]


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds of one notebook now, by cell: points with extra credit, what waits for a person, comments."""

    points: dict[str, float]
    waiting: set[str]
    comments: dict[str, str]
    penalty: float


class Writer:
    """The only one that writes; not for use by several threads."""

    def __init__(self, assignment: Assignment, tier: str, limits: dict, write: bool = True):
        self.assignment, self.tier, self.limits = assignment, tier, limits
        self.engine = sql.create_engine(assignment.db_url)
        if write:
            RUNS.metadata.create_all(self.engine)

    def earlier(self) -> dict[str, sql.Row]:
        """Return the last run of each student whose submission the gradebook still holds."""
        if not sql.inspect(self.engine).has_table(RUNS.name):
            return {}
        same = sql.and_(SUBMITTED.c.student_id == RUNS.c.student_id, SUBMITTED.c.assignment_id == RUNS.c.assignment_id)
        query = sql.select(RUNS).join(SUBMITTED, same).where(RUNS.c.assignment_id == self.assignment.row)
        with self.engine.connect() as connection:
            return {row.student_id: row for row in connection.execute(query)}

    def waiting(self) -> int:
        """Return how many submissions hold an answer that a person has still to mark."""
        query = (
            sql.select(sql.func.count(sql.distinct(SUBMITTED.c.id)))
            .join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
            .where(SUBMITTED.c.assignment_id == self.assignment.row, GRADE.c.needs_manual_grade)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def earned(self) -> set[tuple[str, str]]:
        """Return the tests, as notebook and cell, in which a submission has earned a point."""
        query = (
            sql.select(NOTEBOOK.c.notebook_id, GRADE.c.cell_id)
            .join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
            .where(SUBMITTED.c.assignment_id == self.assignment.row, GRADE.c.auto_score > 0)
            .distinct()
        )
        names = {original.row: (name, original.by_row) for name, original in self.assignment.notebooks.items()}
        with self.engine.connect() as connection:
            rows = [row for row in connection.execute(query) if row.notebook_id in names]
        return {(names[row.notebook_id][0], names[row.notebook_id][1].get(row.cell_id)) for row in rows}

    def without_submission(self) -> list[str]:
        """Return the students whom the gradebook knows and for whom it holds no submission of the assignment, sorted."""
        here = sql.select(SUBMITTED.c.student_id).where(SUBMITTED.c.assignment_id == self.assignment.row)
        query = sql.select(STUDENT.c.id).where(STUDENT.c.id.not_in(here)).order_by(STUDENT.c.id)
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def marks(self, student: str) -> dict[str, Marks]:
        """Return what one student's submission has now, by notebook."""
        mine = (SUBMITTED.c.student_id == student, SUBMITTED.c.assignment_id == self.assignment.row)
        found = {}
        with self.engine.connect() as connection:
            for name, original in self.assignment.notebooks.items():
                here = sql.select(NOTEBOOK.c.id, NOTEBOOK.c.late_submission_penalty).join(
                    SUBMITTED, NOTEBOOK.c.assignment_id == SUBMITTED.c.id
                )
                notebook = connection.execute(here.where(*mine, NOTEBOOK.c.notebook_id == original.row)).one()
                grades = connection.execute(
                    sql.select(GRADE.c.cell_id, SCORE.label("score"), GRADE.c.needs_manual_grade).where(
                        GRADE.c.notebook_id == notebook.id
                    )
                ).all()
                comments = connection.execute(
                    sql.select(COMMENT.c.cell_id, WORDS.label("words")).where(COMMENT.c.notebook_id == notebook.id)
                ).all()
                cells = original.by_row
                found[name] = Marks(
                    {cells[row.cell_id]: row.score for row in grades if row.cell_id in cells},
                    {cells[row.cell_id] for row in grades if row.needs_manual_grade and row.cell_id in cells},
                    {cells[row.cell_id]: row.words for row in comments if row.words and row.cell_id in cells},
                    notebook.late_submission_penalty or 0.0,
                )
        return found

    def differences(self, verdict: Verdict) -> list[str]:
        """Return what writing `verdict` would change: a line for each score that is now another, and for each mark given by hand that
        would have to be looked at again; one line where there is no score yet."""
        query = (
            sql.select(GRADE)
            .join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
            .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
            .where(SUBMITTED.c.student_id == verdict.student, SUBMITTED.c.assignment_id == self.assignment.row)
        )
        with self.engine.connect() as connection:
            now = {row.cell_id: row for row in connection.execute(query)}
            same = self._same(connection, verdict) if sql.inspect(connection).has_table(RUNS.name) else {}
        lines, total, most = [], 0.0, 0.0
        for name, original in self.assignment.notebooks.items():
            for cell in original.cells.values():
                if not (row := cell.grade_id or cell.task_id):
                    continue
                known, score = now.get(row), verdict.scores[name].get(cell.name)
                total, most = total + (score or 0), most + cell.points
                if known is None or known.auto_score != score:
                    lines.append(f"{cell.name}, {_points(known.auto_score) if known else 'nothing'} → {_points(score)}")
                marked = known is not None and known.manual_score is not None and not known.needs_manual_grade
                if marked and _waits(known, score, cell.name in same.get(name, ())):
                    lines.append(
                        f"{cell.name}, the {known.manual_score:g} given by hand would have to be looked at again"
                    )
        return lines if now else [f"not graded so far; would have {total:g} of {most:g}"]

    def write(self, verdict: Verdict, engine: str) -> None:
        """Set the scores, comments and state of one submission in one transaction; marks given by hand stay."""
        with self.engine.begin() as connection:
            self._student(connection, verdict.student)
            submission = self._submission(connection, verdict)
            same = self._same(connection, verdict)
            for name, original in self.assignment.notebooks.items():
                notebook = self._notebook(connection, submission, original.row)
                self._grades(connection, notebook, original, verdict.scores[name], same[name])
                self._comments(connection, notebook, original, verdict.comments[name])
            self._run(connection, verdict, engine)

    def returned(self, student: str) -> None:
        """Note that the feedback page now says what the gradebook says."""
        with self.engine.begin() as connection:
            connection.execute(sql.update(RUNS).where(*self._key(student)).values(returned=True))

    def _key(self, student: str) -> tuple:
        return RUNS.c.student_id == student, RUNS.c.assignment_id == self.assignment.row

    def _same(self, connection, verdict: Verdict) -> dict[str, set[str]]:
        """Return, by notebook, the cells whose score comes from the very answer that was graded before."""
        told = connection.execute(sql.select(RUNS.c.answers).where(*self._key(verdict.student))).scalar()
        earlier = json.loads(told) if told else {}
        return {
            name: {
                cell for cell, now in verdict.answers.get(name, {}).items() if earlier.get(name, {}).get(cell) == now
            }
            for name in self.assignment.notebooks
        }

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

    def _grades(self, connection, notebook: str, original: Original, scores: dict, same: set[str]) -> None:
        query = sql.select(GRADE).where(GRADE.c.notebook_id == notebook)
        there = {row.cell_id: row for row in connection.execute(query)}
        new, old = [], []
        for cell in original.cells.values():
            if not (row := cell.grade_id or cell.task_id):
                continue
            score, known = scores.get(cell.name), there.get(row)
            waits = _waits(known, score, cell.name in same)
            if known is None:
                ids = {"id": api.new_uuid(), "notebook_id": notebook, "cell_id": row}
                new.append(ids | {"auto_score": score, "needs_manual_grade": waits})
            else:
                old.append({"row": known.id, "score": score, "waits": waits})
        if new:
            connection.execute(sql.insert(GRADE), new)
        if old:
            change = {"auto_score": sql.bindparam("score"), "needs_manual_grade": sql.bindparam("waits")}
            connection.execute(sql.update(GRADE).where(GRADE.c.id == sql.bindparam("row")).values(**change), old)

    def _comments(self, connection, notebook: str, original: Original, comments: dict[str, str | None]) -> None:
        query = sql.select(COMMENT.c.cell_id, COMMENT.c.id).where(COMMENT.c.notebook_id == notebook)
        there = {row.cell_id: row.id for row in connection.execute(query)}
        new, old = [], []
        for cell in original.cells.values():
            if not (row := cell.solution_id or cell.task_id):
                continue
            words = comments.get(cell.name)
            if row in there:
                old.append({"row": there[row], "words": words})
            else:
                ids = {"id": api.new_uuid(), "notebook_id": notebook, "cell_id": row}
                new.append(ids | {"auto_comment": words})
        if new:
            connection.execute(sql.insert(COMMENT), new)
        if old:
            change = sql.update(COMMENT).where(COMMENT.c.id == sql.bindparam("row"))
            connection.execute(change.values(auto_comment=sql.bindparam("words")), old)

    def _run(self, connection, verdict: Verdict, engine: str) -> None:
        attempt = connection.execute(sql.select(RUNS.c.attempt).where(*self._key(verdict.student))).scalar() or 0
        connection.execute(sql.delete(RUNS).where(*self._key(verdict.student)))
        connection.execute(
            sql.insert(RUNS).values(
                student_id=verdict.student,
                assignment_id=self.assignment.row,
                state=verdict.state,
                sentences=json.dumps(verdict.said),
                attempt=attempt + 1,
                engine=engine,
                tier=self.tier,
                limits=json.dumps(self.limits),
                answers=json.dumps(verdict.answers),
                seconds=json.dumps(verdict.seconds),
                digest=verdict.digest,
                returned=False,
            )
        )


def _waits(known: sql.Row | None, score: float | None, same: bool) -> bool:
    """Return whether a person must look: at what only a person marks, and once more at what a person has marked, unless the very
    same answer got the same score again."""
    if known is None or known.manual_score is None:
        return score is None
    return known.needs_manual_grade if same and known.auto_score == score else True


def _points(score: float | None) -> str:
    return "waits for a person" if score is None else f"{score:g}"
