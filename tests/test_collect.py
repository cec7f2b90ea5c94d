"""Collecting what a learning platform hands over: an archive whose names say whose each notebook is."""

import io
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


def collect(course: Path, name: str) -> set[Path]:
    """Run nbgrader; return what then lies below submitted/."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "zip_collect", name],
        cwd=course, env={**os.environ, "HOME": str(course)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {path.relative_to(course / "submitted") for path in (course / "submitted").rglob("*.*") if path.is_file()}


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
    collected = collect(course, name)
    notebooks = {Path(student, name, f"{name}.ipynb") for student in handed_in.values()}
    assert {path for path in collected if path.suffix == ".ipynb"} == notebooks
    assert Path("amina", name, "answer.json") in collected


def test_what_students_put_into_the_archive_is_not_opened_and_nobody_hands_in_for_another(course):
    name = names()[0]
    folder = course / "downloaded" / name / "archive"
    folder.mkdir(parents=True)
    forged = io.BytesIO()
    with zipfile.ZipFile(forged, "w") as file:
        file.writestr(f"khanbilal_1_2_{name}.ipynb", b"forged")
    mallory = "Mallory_7_assignsubmission_file_"
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"khanbilal_1_2_{name}.ipynb", b"honest")
        file.writestr(f"lichen_3_4_{name}.ipynb", b"one")
        file.writestr(f"lichen_3_5_{name}-1.ipynb", b"two")  # the same name for nbgrader, which would end here
        file.writestr(f"amina_5_6_{name}.ipynb.json", b"as a browser saved it")
        file.writestr(f"eve_8_9_{name}.ipynb", bytes(90_000_000))
        file.writestr("zoe_8_8_work.zip", forged.getvalue())
        file.writestr(f"{mallory}/khanbilal_1_2_{name}.ipynb", b"forged")
        file.writestr(f"{mallory}/extracted/x/khanbilal_1_2_{name}.ipynb", b"forged")
        for path in (f"../../khanbilal_1_3_{name}.ipynb", f"/tmp/khanbilal_1_4_{name}.ipynb", f".._1_{name}.ipynb"):
            file.writestr(path, b"forged")
        link = zipfile.ZipInfo(f"ute_1_2_{name}.ipynb")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    (folder / f"tom_5_5_{name}.zip").write_bytes(forged.getvalue())
    collected = collect(course, name)
    assert {path.as_posix() for path in collected} == {
        f"{student}/{name}/{file}" for student, file in (
            ("khanbilal", f"{name}.ipynb"), ("lichen", f"{name}.ipynb"), ("lichen", f"{name}-again.ipynb"),
            ("amina", f"{name}.ipynb.json"), ("eve", f"{name}.ipynb"), ("zoe", "work.zip"), ("tom", f"{name}.zip"),
            ("Mallory_7", f"khanbilal_1_2_{name}.ipynb"),
        )
    }  # fmt: skip
    submitted = course / "submitted"
    assert (submitted / "khanbilal" / name / f"{name}.ipynb").read_bytes() == b"honest"
    assert (submitted / "eve" / name / f"{name}.ipynb").stat().st_size == 20_000_001, (
        "enough to be refused as too large"
    )
