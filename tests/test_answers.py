"""Every answers file of every assignment, handed in and graded: it must earn exactly what its header says."""

import html
import shutil

import pytest
from nbgrader.api import Gradebook

from sealed_grading import cli
from tools.assignment_faults import expected_points, faults
from tools.assignments import Assignment, front_matter, hand_in, names


@pytest.fixture(scope="module")
def course(course_without_students, tmp_path_factory):
    """A copy of the course in which each answers file is a student of its name."""
    course = shutil.copytree(course_without_students, tmp_path_factory.mktemp("answers") / "course") / "exercises"
    for assignment in map(Assignment, names()):
        for answer in assignment.answers:
            hand_in(assignment, answer, course / "submitted" / answer.stem / assignment.name)
    return course


@pytest.mark.parametrize("name", names())
def test_every_answer_earns_what_its_header_says(course, name, capsys):
    """One test for all, so that an answer added to the folder is tested without a line here."""
    assignment = Assignment(name)
    kinds = {answer.stem.split("-")[0] for answer in assignment.answers}
    assert {"reference", "untouched", "right", "wrong"} <= kinds
    assert cli.main(["grade", name, "--course", str(course)]) == 0
    differences = []  # all of them, each with its file
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for answer in assignment.answers:
            expected = expected_points(assignment, answer)
            grades = book.find_submission(name, answer.stem).notebooks[0].grades
            scores = {grade.name: grade.auto_score for grade in grades}
            differences += [
                f"{answer.stem}, {item}: expected {points} points, found {scores[item]}"
                for item, points in expected.items()
                if scores[item] != points
            ]
            page = (course / f"feedback/{answer.stem}/{name}/{name}.html").read_text(encoding="utf-8")
            assert "BEGIN HIDDEN TESTS" not in page
            told = front_matter(answer).get("message", {})
            differences += [
                f"{answer.stem}, {item}: not told {words!r}"
                for item, words in told.items()
                if words not in html.unescape(page)
            ]
    assert not differences, "\n".join(differences)
    capsys.readouterr()
    assert cli.main(["grade", name, "--course", str(course)]) == 0
    assert "nothing to do" in capsys.readouterr().err, "nothing has changed, so nothing is graded again"


@pytest.mark.parametrize("name", names())
def test_the_folder_has_no_fault(name):
    assert faults(Assignment(name)) == []


def test_a_test_that_reads_what_a_cell_for_the_learner_only_makes_is_named(monkeypatch):
    assignment = Assignment(names()[0])
    notebook = assignment.notebook
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    setup.metadata.tags = ["learner-only"]
    monkeypatch.setattr(Assignment, "notebook", notebook)
    assert any(f"cell {setup.id}" not in fault and "learner-only" in fault for fault in faults(assignment))


def test_a_cell_for_tests_only_that_is_answered_or_said_to_be_for_no_test_is_named(monkeypatch):
    assignment = Assignment(names()[0])
    notebook = assignment.notebook
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    answer = next(cell for cell in code if cell.metadata.get("nbgrader", {}).get("solution"))
    both = next(cell for cell in code if "screen-only" in cell.metadata.get("tags", []))
    answer.metadata.tags, both.metadata.tags = ["tests-only"], ["screen-only", "tests-only"]
    monkeypatch.setattr(Assignment, "notebook", notebook)
    found = faults(assignment)
    assert any(f"cell {answer.id}: the tag tests-only is for cells that neither" in fault for fault in found)
    assert any(f"cell {both.id}: the tags screen-only and tests-only exclude each other" in fault for fault in found)


def test_a_cell_that_cannot_be_run_once_for_all_is_named(monkeypatch):
    assignment = Assignment(names()[0])
    notebook = assignment.notebook
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    asks = next(cell for cell in code if assignment.header["files"][0] in cell.source)
    late = next(
        cell
        for cell in code[code.index(asks) + 1 :]
        if not cell.metadata.nbgrader.grade and not cell.metadata.get("tags")
    )
    sample = next(cell for cell in code if "tests-only" in cell.metadata.get("tags", []))
    sample.source += "\nelsewhere = made_elsewhere"
    answer = next(cell for cell in code if cell.metadata.get("nbgrader", {}).get("solution"))
    for cell in (asks, late, answer):
        cell.metadata.tags = [*cell.metadata.get("tags", []), "run-once"]
    monkeypatch.setattr(Assignment, "notebook", notebook)
    found = faults(assignment)
    assert [assignment.header["files"][0] in fault for fault in found if f"cell {asks.id}" in fault] == [True]
    for cell in (late, answer):
        assert any(
            f"cell {cell.id}: the tag run-once is for the code cells at the beginning" in fault for fault in found
        )
    assert any(f"cell {sample.id}: the tag run-once" in fault and "reads made_elsewhere" in fault for fault in found)
