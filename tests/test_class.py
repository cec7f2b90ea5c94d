"""The sample class, as `make course` leaves it: what an instructor finds in gradebook, feedback and grades."""

import csv
import os
import re
import shutil
import subprocess
import time

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from sealed_grading import cli
from tools import assignments, demo_class, summary
from tools.assignment_faults import expected_points
from tools.assignments import EXERCISES, Assignment, AssignmentError, front_matter, make, names, take


@pytest.fixture
def book():
    with Gradebook(assignments.gradebook()) as gradebook:
        yield gradebook


def test_twelve_students_are_graded_and_nothing_waits_for_a_mark(book):
    assert len(book.students) == 12
    for name in names():
        submissions = book.assignment_submissions(name)
        assert len(submissions) == 12
        assert not any(submission.needs_manual_grade for submission in submissions)


def test_each_student_has_the_points_of_the_answer_handed_in(book):
    for name in names():
        students = sorted(student.id for student in book.students)
        answers = demo_class.handed_in(Assignment(name), students)
        for submission in book.assignment_submissions(name):
            answer = answers[submission.student.id]
            by_hand = sum(sum(levels.values()) for levels in front_matter(answer)["rubric"].values())
            by_machine = sum(expected_points(Assignment(name), answer).values())
            assert submission.score == by_machine + by_hand, submission.student.id


def test_the_exported_grades_are_those_of_the_gradebook(book):
    with demo_class.GRADES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {(row["assignment"], row["student_id"]): float(row["score"]) for row in rows} == {
        (name, submission.student.id): submission.score
        for name in names()
        for submission in book.assignment_submissions(name)
    }


def test_feedback_tells_the_score_and_the_marker_s_words_and_no_hidden_test():
    for name in names():
        pages = sorted((EXERCISES / "feedback").glob(f"*/{name}/{name}.html"))
        assert len(pages) == 12
        first = pages[0].read_text(encoding="utf-8")
        assert "The work separates signature, effect" in first
        for page in pages:
            text = page.read_text(encoding="utf-8")
            assert "Score:" in text
            assert "BEGIN HIDDEN TESTS" not in text
            assert "Traceback (most recent call last)" not in text


def test_a_second_make_course_does_nothing_again():
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    began = time.monotonic()
    done = subprocess.run(["make", "course"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - began < 15
    assert "nbgrader generate" not in done.stdout
    assert "jupyter-book" not in done.stdout
    assert re.search(r"12 submissions of 12 students", done.stdout)


@pytest.fixture
def course_with_a_student(empty_gradebook, tmp_path, monkeypatch):
    """A course in which one student was added, one handed in and one is waiting in the exchange, beside a sample class."""
    monkeypatch.setattr(assignments, "EXERCISES", tmp_path)
    monkeypatch.setattr(assignments, "EXCHANGE", tmp_path / "exchange")
    monkeypatch.setattr(demo_class, "GRADES", tmp_path / "grades.csv")
    (tmp_path / "grades.csv").write_text("student_id,score\nsample-01,3\namina,4\n")
    (tmp_path / "exchange/c/feedback").mkdir(parents=True)
    for student in ("sample-01", "bob"):
        folder = tmp_path / "feedback" / student / "case-korea"
        folder.mkdir(parents=True)
        (folder / "case-korea.html").write_text(student)
        (folder / "submission_secret.txt").write_text(f"secret of {student}")
        released = notebook_hash(secret=f"secret of {student}", notebook_id="case-korea")
        (tmp_path / f"exchange/c/feedback/{released}.html").write_text(student)
    shutil.copy2(empty_gradebook, tmp_path)
    with Gradebook(assignments.gradebook()) as gradebook:
        gradebook.add_student("amina")
        gradebook.add_student("sample-01")
    for place in (
        "submitted/bob/case-korea",
        "submitted/sample-01/case-korea",
        "exchange/c/inbound/chen+case-korea+now",
    ):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "work.ipynb").write_text("{}")
    return tmp_path


def test_the_sample_class_refuses_to_be_made_among_real_students(course_with_a_student):
    with pytest.raises(AssignmentError, match="amina, bob, chen"):
        demo_class.start_anew()
    assert demo_class.main([]) == 1
    assert demo_class.main(["--not-among-real"]) == 0, "make course goes on without it"


def test_removing_the_sample_class_leaves_the_work_of_real_students(course_with_a_student, capsys):
    assert demo_class.main(["--remove"]) == 0
    said = capsys.readouterr().out
    for place, what in (
        ("gradebook.db", "1 student"),
        ("submitted", "1 student's folder"),
        ("feedback", "1 student's folder"),
        ("exchange/c/feedback", "1 page of feedback"),
    ):
        assert f"{course_with_a_student / place}: {what}\n" in said
    assert [path.read_text() for path in course_with_a_student.rglob("*.html")] == ["bob"] * 2
    assert (course_with_a_student / "grades.csv").exists(), "it holds a real student's grade"
    assert demo_class.main(["--remove"]) == 0
    assert "There is no sample class." in capsys.readouterr().out
    with Gradebook(assignments.gradebook()) as gradebook:
        assert [student.id for student in gradebook.students] == ["amina"]
    left = {
        path.parent.relative_to(course_with_a_student).as_posix() for path in course_with_a_student.rglob("work.ipynb")
    }
    assert left == {"submitted/bob/case-korea", "exchange/c/inbound/chen+case-korea+now"}


def test_what_was_released_to_sample_classes_goes_with_the_last_of_them(course_with_a_student):
    for path in [*course_with_a_student.rglob("*bob*"), *course_with_a_student.rglob("chen*")]:
        shutil.rmtree(path)
    with Gradebook(assignments.gradebook()) as gradebook:
        gradebook.remove_student("amina")
    (course_with_a_student / "grades.csv").write_text("student_id,score\nsample-01,3\n")
    assert demo_class.main(["--remove"]) == 0
    assert not list(course_with_a_student.rglob("*.html")) and not (course_with_a_student / "grades.csv").exists()


def test_the_summary_counts_by_state_and_names_the_sample_class_where_there_is_one(tmp_path, monkeypatch, capsys):
    shutil.copytree(EXERCISES, tmp_path / "exercises", ignore=shutil.ignore_patterns("exchange"))
    monkeypatch.setattr(assignments, "EXERCISES", tmp_path / "exercises")
    monkeypatch.setattr(assignments, "EXCHANGE", tmp_path / "exercises/exchange")
    monkeypatch.setattr(demo_class, "GRADES", tmp_path / "exercises/grades.csv")
    monkeypatch.setattr(summary, "EXERCISES", tmp_path / "exercises")
    summary.main()
    said = capsys.readouterr().out
    assert "12 submissions of 12 students: 12 graded" in said and "sample class" in said
    assert re.search(r"scores       [\d.]+ to [\d.]+, median [\d.]+ of 100 ", said)
    assert demo_class.main(["--remove"]) == 0
    for student, text in (("amina", '{"cells": ['), ("bob", "")):
        (tmp_path / f"exercises/submitted/{student}/case-korea").mkdir(parents=True)
        (tmp_path / f"exercises/submitted/{student}/case-korea/case-korea.ipynb").write_text(text)
    shutil.copy2("_config.yml", tmp_path)
    assert cli.main(["grade", "case-korea", "--course", str(tmp_path / "exercises"), "--student", "amina"]) == 0
    capsys.readouterr()
    summary.main()
    said = capsys.readouterr().out
    assert "2 submissions of 2 students: 1 unreadable, 1 not graded yet" in said
    assert "sample" not in said and "none exported yet" in said
    shutil.rmtree(tmp_path / "exercises/submitted/bob")
    summary.main()
    assert "1 submission of 1 student: 1 unreadable" in capsys.readouterr().out


def work_in(folder, monkeypatch):
    monkeypatch.setattr(assignments, "EXERCISES", folder)
    monkeypatch.setattr(assignments, "EXCHANGE", folder / "exchange")
    monkeypatch.setattr(assignments, "RECORDS", folder / "made")
    monkeypatch.setattr(assignments, "nbgrader", lambda *arguments: None)
    return Assignment("case-korea")


@pytest.fixture(scope="module")
def made_and_edited(tmp_path_factory):
    """A folder with one assignment, made, then edited in its notebook; to be copied."""
    folder = tmp_path_factory.mktemp("exercises")
    shutil.copytree(EXERCISES / "assignments/case-korea", folder / "assignments/case-korea")
    with pytest.MonkeyPatch.context() as monkeypatch:
        assignment = work_in(folder, monkeypatch)
        make(assignment)
        notebook = nbformat.read(assignment.source, as_version=4)
        notebook.cells[0].source += "\n\nA sentence that an instructor added in JupyterLab."
        nbformat.write(notebook, assignment.source)
    return folder


@pytest.fixture
def edited(made_and_edited, tmp_path, monkeypatch):
    """An assignment in a folder of its own, made, then edited in its notebook."""
    shutil.copytree(made_and_edited, tmp_path, dirs_exist_ok=True)
    return work_in(tmp_path, monkeypatch)


def test_an_edit_in_jupyterlab_is_not_overwritten_and_the_way_back_is_named(edited):
    before = edited.source.read_bytes()
    with pytest.raises(AssignmentError, match="tools.assignments take case-korea"):
        make(edited)
    assert edited.source.read_bytes() == before


def test_an_edit_in_jupyterlab_can_be_taken_back_into_the_text(edited):
    before = edited.text.read_text(encoding="utf-8")
    take(edited)
    after = edited.text.read_text(encoding="utf-8")
    assert [line for line in after.splitlines() if line not in before.splitlines()] == [
        "# A sentence that an instructor added in JupyterLab."
    ]
    assert set(before.splitlines()) <= set(after.splitlines())
    make(Assignment("case-korea"))


def test_an_edit_of_both_the_notebook_and_the_text_loses_neither(edited):
    text = edited.text.read_text(encoding="utf-8").replace("invented rows", "rows that were invented")
    edited.text.write_text(text, encoding="utf-8")
    notebook = edited.source.read_bytes()
    with pytest.raises(AssignmentError, match="was changed as well"):
        take(edited)
    assert edited.text.read_text(encoding="utf-8") == text
    assert edited.source.read_bytes() == notebook


def test_an_edit_of_the_printed_rubric_is_sent_to_its_file(edited):
    notebook = nbformat.read(edited.source, as_version=4)
    cell = next(cell for cell in notebook.cells if "<!-- rubric: memo -->" in cell.source)
    cell.source = cell.source.replace("makes no choice", "chooses nothing")
    nbformat.write(notebook, edited.source)
    with pytest.raises(AssignmentError, match="edit rubric.yml instead"):
        take(edited)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("case-korea.py", ("tables: [korea_events,", "tables: [korea,"), "no table is called 'korea'"),
        ("case-korea.py", ("### END SOLUTION", "### END SOLUTON"), "each begin needs its end"),
        ("case-korea.py", ("<!-- rubric: memo -->", "<!-- rubric: memos -->"), "names no item of rubric.yml"),
        ("case-korea.py", ("# ---\n", "", 1), "expected a header"),
        ("case-korea.py", ("minutes: 180", "minutes: 90"), "`minutes: 90`, its items add up to 180"),
        ("case-korea.py", ("(8 points, 10 minutes; K1)", "(8 points)"), "the ids of the chapter's objectives"),
        (
            "case-korea.py",
            ("<summary>Hint 3</summary>", "<summary>Third</summary>", 1),
            "expected three hints, found 2",
        ),
        (
            "case-korea.py",
            ('checks.item("acts-check", 4)', 'checks.item("acts-check", 5)'),
            'with checks.item("acts-check", 4)',
        ),
        ("case-korea.py", ('"acts-check": 4, "hidden": 4', '"acts-check": 4, "hidden": 3'), "the last cell should be"),
        ("rubric.yml", ("    4: says whose", "    5: says whose"), "add up to 13, the item has 12 points"),
        ("rubric.yml", ("    0: makes no choice\n", ""), "expected four levels, found 3"),
        ("answers/reference.py", ("# %% counts-by-kind\n", "# %% counts\n"), "'counts' is no answer cell"),
        ("answers/reference.py", ("expected: all", "expected: {acts-check: 4}"), "a right answer has `expected: all`"),
        ("answers/wrong-every-step-tells.py", ("ten-steps-one: 3", "ten-steps-one: 4"), "4 of its 3 points"),
        ("answers/wrong-every-step-tells.py", ("ten-steps-one: 3", "ten-steps: 3"), "which is no test cell"),
        ("answers/reference.py", ("[raw] case-korea-answers.json", "[raw] notes.txt"), "is none of the `files`"),
        ("answers/reference.py", ("limits: 4", "limit: 4"), "`rubric` must mark memo by"),
        ("answers/wrong-one-series.py", ("# misconception:", "# mistake:"), "says its `misconception`"),
        ("answers/right-chained.py", ("# %% whole-years\n", "# %% memo\n"), "the answer for: whole-years"),
        ("answers/right-chained.py", ("[raw] case-korea-answers.json", "[raw]"), "a raw cell names no file"),
        (
            "answers/wrong-one-series.py",
            ("#   whole-years-check:", "#   whole-years:"),
            "`message` names 'whole-years'",
        ),
        ("case-korea.py", ('"points": 4, "schema_version": 3, ', '"points": 4, ', 1), "lack schema_version"),
        ("case-korea.py", ('"points": 4, ', "", 1), "expected `points` as a number, found None"),
        ("case-korea.py", ('"grade_id": "acts-check"', 'grade_id: "acts-check"'), "after `nbgrader=` is no JSON"),
        (
            "case-korea.py",
            ("checks.provisional_score(\n    {", "checks.provisional_score(PLAN or {"),
            "the last cell should be",
        ),
    ],
)
def test_what_an_author_got_wrong_is_said_with_its_place(edited, file, change, words):
    path = edited.folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    edited.source.unlink()
    with pytest.raises(AssignmentError) as error:
        make(Assignment("case-korea"))
    assert words in str(error.value)
    assert path.name in str(error.value) or edited.folder.name in str(error.value)


def test_every_answers_file_has_its_say_at_once(edited):
    """Fewer points for one test cell: all files and all their faults are named in one run."""
    edited.source.unlink()
    for name in ("acts-check", "ten-steps-one"):
        text = edited.text.read_text(encoding="utf-8")
        text = re.sub(f'(checks.item\\("{name}", )\\d', r"\g<1>1", text)
        text = re.sub(f'("grade_id": "{name}", "locked": true, "points": )\\d', r"\g<1>1", text)
        edited.text.write_text(text, encoding="utf-8")
    (edited.folder / "answers/reference.py").rename(edited.folder / "answers/model.py")
    with pytest.raises(AssignmentError) as error:
        make(Assignment("case-korea"))
    said = str(error.value)
    assert "wrong-pasted-constants.py: `expected` gives acts-check 4 of its 1 points" in said
    assert "wrong-pasted-constants.py: `expected` gives ten-steps-one 3 of its 1 points" in said
    assert "wrong-every-step-tells.py: `expected` gives ten-steps-one 3 of its 1 points" in said
    assert "model.py: its name should begin with reference, untouched, right, wrong" in said
