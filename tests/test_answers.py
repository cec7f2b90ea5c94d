"""Every answers file of every assignment, handed in and graded by nbgrader: it must earn exactly what its header says."""

import itertools
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from nbgrader.api import Gradebook

from tools.assignment_faults import expected_points, faults
from tools.assignments import Assignment, front_matter, hand_in, names

COURSES = 2  # nbgrader grades one submission after another; two courses keep two processors busy


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """Copies of the course in which each answers file is a student of one; returns a function: answers file to its course."""
    root = request.config.rootpath
    courses = [tmp_path_factory.mktemp("course") for _ in range(COURSES)]
    place = {}
    for course in courses:
        shutil.copy2(root / "_config.yml", course)
        (course / "exercises").mkdir()
        shutil.copy2(root / "exercises/nbgrader_config.py", course / "exercises")
        for name in ("source", "release"):
            shutil.copytree(root / "exercises" / name, course / "exercises" / name)
    for assignment in map(Assignment, names()):
        for answer, course in zip(assignment.answers, itertools.cycle(courses), strict=False):
            place[answer] = course / "exercises"
            hand_in(assignment, answer, place[answer] / "submitted" / answer.stem / assignment.name)
    with ThreadPoolExecutor(COURSES) as pool:
        list(pool.map(grade, courses))
    return place.__getitem__


def grade(course):
    for name in names():
        for step in (["generate_assignment", name, "--force", "--create"], ["autograde", name, "--create"]):
            done = subprocess.run(
                [sys.executable, "-m", "nbgrader", *step],
                cwd=course / "exercises",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", names())
def test_every_answer_earns_what_its_header_says(graded, name):
    """One test for all, so that an answer added to the folder is tested without a line here."""
    assignment = Assignment(name)
    kinds = {answer.stem.split("-")[0] for answer in assignment.answers}
    assert {"reference", "untouched", "right", "wrong"} <= kinds
    differences = []  # all of them, each with its file
    for answer in assignment.answers:
        course, expected = graded(answer), expected_points(assignment, answer)
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission(name, answer.stem).notebooks[0].grades
            scores = {grade.name: grade.auto_score for grade in grades}
        for item in expected:
            if scores[item] != expected[item]:
                differences.append(f"{answer.stem}, {item}: expected {expected[item]} points, found {scores[item]}")
        notebook = nbformat.read(course / "autograded" / answer.stem / name / f"{name}.ipynb", as_version=4)
        cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
        for item, words in front_matter(answer).get("message", {}).items():
            said = " ".join(output.get("evalue", "") for output in cells[item].outputs)
            if words not in said:
                differences.append(f"{answer.stem}, {item}: expected to be told {words!r}, was told {said!r}")
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("name", names())
def test_the_folder_has_no_fault(name):
    assert faults(Assignment(name)) == []
