"""Collecting what a learning platform hands over: an archive whose names say whose each notebook is."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.assignments import EXERCISES, Assignment, names


@pytest.fixture
def course(tmp_path):
    """A course with released assignments and no student."""
    shutil.copytree(EXERCISES / "release", tmp_path / "exercises/release")
    shutil.copytree(EXERCISES / "source", tmp_path / "exercises/source")
    shutil.copy2(EXERCISES / "nbgrader_config.py", tmp_path / "exercises")
    shutil.copy2("_config.yml", tmp_path)
    return tmp_path / "exercises"


def test_an_archive_of_canvas_or_moodle_becomes_one_submission_a_student(course):
    name = names()[0]
    released = Assignment(name).release.read_bytes()
    archive = course / "downloaded" / name / "archive" / "all_submissions.zip"
    archive.parent.mkdir(parents=True)
    handed_in = {
        f"amina_{name}.ipynb": "amina",
        f"khanbilal_1234_5678_{name}.ipynb": "khanbilal",
        f"lichen_LATE_1235_5679_{name}-1.ipynb": "lichen",
        f"Dana Ito_1234567_assignsubmission_file_/{name}.ipynb": "Dana Ito_1234567",
        f"Dana Ito_7654321_assignsubmission_file_{name}.ipynb": "Dana Ito_7654321",  # two of one name
    }
    with zipfile.ZipFile(archive, "w") as file:
        for path in handed_in:
            file.writestr(path, released)
        file.writestr("amina_1234_5680_answer.json", "{}")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "zip_collect", name],
        cwd=course, env={**os.environ, "HOME": str(course)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    collected = {
        path.relative_to(course / "submitted") for path in (course / "submitted").rglob("*.*") if path.is_file()
    }
    notebooks = {Path(student, name, f"{name}.ipynb") for student in handed_in.values()}
    assert {path for path in collected if path.suffix == ".ipynb"} == notebooks
    assert Path("amina", name, "answer.json") in collected
