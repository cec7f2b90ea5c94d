"""The commands on the instructors' page, run one after the other as they stand there."""

import csv
import html
import os
import re
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from sealed_grading.course import open_course
from tools import assignments, bench, demo_class
from tools.assignments import Assignment

PAGE = Path("book/instructors/grading.md")
NAME = "case-korea"


def test_every_command_on_the_page_does_what_the_page_says(course_without_students, tmp_path, monkeypatch):
    course = shutil.copytree(course_without_students, tmp_path, dirs_exist_ok=True) / "exercises"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    monkeypatch.setattr(assignments, "EXCHANGE", course / "exchange")
    said = {}
    for command in re.findall(r"^```bash\n(.*?)\n```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        if command.startswith("nbgrader collect"):  # one account hands in for three here
            for student, answer in zip(("amina", "bob", "chen"), ("reference", "untouched", "reference"), strict=True):
                found = next(path for path in Assignment(NAME).answers if path.stem == answer)
                demo_class.submit(Assignment(NAME), student, found)
            command += " --ExchangeCollect.check_owner=False"
        if command == f"sealed-grading grade {NAME}":  # the third one's file was cut off on its way
            (course / f"submitted/chen/{NAME}/{NAME}.ipynb").write_text('{"cells": [')
        done = subprocess.run(
            command, shell=True, cwd=course, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said[command] = done.stdout + done.stderr
    assert list(said) == [
        f"nbgrader release_assignment {NAME} --force",
        f"nbgrader collect {NAME} --ExchangeCollect.check_owner=False",
        f"sealed-grading grade {NAME}",
        f"sealed-grading grade {NAME} --dry-run",
        f"sealed-grading feedback {NAME}",
        f"nbgrader release_feedback {NAME}",
        "nbgrader export",
    ]
    graded = said[f"sealed-grading grade {NAME}"]
    assert "tier full" in graded
    sentence, page = graded.splitlines()[-2:]
    assert sentence.startswith("not graded: chen, unreadable. ") and "copy your answers into it" in sentence
    assert sentence.partition("unreadable. ")[2] in html.unescape((course / page.strip()).read_text(encoding="utf-8"))
    assert "nothing to do" in said[f"sealed-grading grade {NAME} --dry-run"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        scores = {submission.student.id: submission.score for submission in book.assignment_submissions(NAME)}
    with (course / "grades.csv").open(encoding="utf-8") as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == scores
    assert scores["amina"] > scores["bob"] == scores["chen"] == 0
    with chdir(course):
        api = NbGraderAPI(coursedir=open_course(course))
        assert len(api.get_notebook_submissions(NAME, NAME)) == 2, "Formgrader lists who has a notebook to mark"
    released = list((course / "exchange").glob(f"*/feedback/{NAME}/*.html")) + list(
        (course / "exchange").glob("*/feedback/*.html")
    )
    assert len(released) == 3


def test_in_another_course_the_pages_lines_take_over_and_its_answer_earns_its_points(tmp_path):
    page = PAGE.read_text(encoding="utf-8").partition("## In another nbgrader course")[2]
    takes_over, answer = re.findall(r"^```python\n(.*?)\n```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\n{takes_over}\n")
    mark = {"schema_version": 3, "task": False}
    cells = {
        "answer": (answer, mark | {"grade": False, "solution": True, "locked": False}),
        "check": (
            re.search(r"`(assert .*?)`", page)[1],
            mark | {"grade": True, "solution": False, "locked": True, "points": 1},
        ),
    }
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": about | {"grade_id": name}})
            for name, (source, about) in cells.items()
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    for folder in ("source/ps1", "submitted/ada/ps1"):
        (tmp_path / folder).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / folder / "ps1.ipynb")
    for command in ("generate_assignment", "autograde"):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", command, "ps1"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "tier full" in done.stderr
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        assert book.find_submission("ps1", "ada").score == 1


def test_measures_are_told_in_words_and_what_was_missed_is_said():
    found = dict.fromkeys(bench.MEASURES, 0) | {"speedup": 25.04, "warm_seconds": 0.2}
    assert "not reached" not in "\n".join(bench.measures(found))
    said = bench.measures(found | {"overhead_ms": 236.4, "unearned_points": 3})[-1]
    assert "not reached" in said and said.count("wanted") == 3  # what was wanted, and twice how much
    assert "(236\u00a0ms, wanted 100 ms or less)" in said and "(3, wanted 0)" in said
    page = PAGE.read_text(encoding="utf-8")
    for key, measure in bench.MEASURES.items():
        assert f"| **{measure.label}.** {measure.meaning} |" in page and f"`{key}`" not in page
