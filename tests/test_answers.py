"""Every answers file of every assignment, handed in and graded by nbgrader: it must earn exactly what its header says."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from tools.assignment_faults import expected_points, faults
from tools.assignments import Assignment, hand_in, names, read_answer


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """A copy of the course in which each answers file is a student; returns its folder."""
    root = request.config.rootpath
    course = tmp_path_factory.mktemp("course")
    shutil.copy2(root / "_config.yml", course)
    (course / "exercises").mkdir()
    shutil.copy2(root / "exercises/nbgrader_config.py", course / "exercises")
    for name in ("source", "release"):
        shutil.copytree(root / "exercises" / name, course / "exercises" / name)
    for name in names():
        assignment = Assignment(name)
        for answer in assignment.answers:
            hand_in(assignment, answer, course / "exercises/submitted" / answer.stem / name)
        for step in (["generate_assignment", name, "--force", "--create"], ["autograde", name, "--create"]):
            done = subprocess.run(
                [sys.executable, "-m", "nbgrader", *step],
                cwd=course / "exercises",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    return course / "exercises"


@pytest.mark.parametrize("name", names())
def test_every_answer_earns_what_its_header_says(graded, name):
    """One test for all, so that an answer added to the folder is tested without a line here."""
    assignment = Assignment(name)
    kinds = {answer.stem.split("-")[0] for answer in assignment.answers}
    assert {"reference", "untouched", "right", "wrong"} <= kinds
    differences = []  # all of them, each with its file
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        for answer in assignment.answers:
            header, _ = read_answer(answer)
            submission = book.find_submission(name, answer.stem).notebooks[0]
            expected = expected_points(assignment, answer)
            scores = {grade.name: grade.auto_score for grade in submission.grades if grade.name in expected}
            differences += [
                f"{answer.stem}, {item}: expected {expected[item]} points, found {scores[item]}"
                for item in expected
                if scores[item] != expected[item]
            ]
            notebook = nbformat.read(graded / "autograded" / answer.stem / name / f"{name}.ipynb", as_version=4)
            for item, words in header.get("message", {}).items():
                cell = next(
                    cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == item
                )
                said = " ".join(output.get("evalue", "") for output in cell.outputs)
                if words not in said:
                    differences.append(f"{answer.stem}, {item}: expected to be told {words!r}, was told {said!r}")
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("name", names())
def test_the_folder_has_no_fault(name):
    assert faults(Assignment(name)) == []
