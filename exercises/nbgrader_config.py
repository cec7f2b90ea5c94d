"""This folder is the nbgrader course: run nbgrader here. What differs from course to course stands in ../_config.yml."""

import re
from pathlib import Path

import yaml

from sealed_grading import takeover
from sealed_grading.collect import READ, OneName, PlatformArchive

HERE = Path(__file__).resolve().parent
course = yaml.safe_load((HERE.parent / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["course"]

c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = course["id"]
c.Exchange.root = str(HERE / "exchange")
# How learning platforms name what was handed in: STUDENT_FILE, and more in between.
#   Canvas   khanamina_LATE_1234_5678_NAME-1.ipynb    Moodle   Amina Khan_1234567_assignsubmission_file_/NAME.ipynb
# The student is the first part below the archive: a name further down is the student's own choice.
c.ZipCollectApp.extractor_plugin = PlatformArchive
c.ZipCollectApp.collector_plugin = OneName
c.OneName.named_regexp = re.escape(f"{HERE}/downloaded/") + (
    r"[^/]+/extracted/(?:[^/]+/)??(?P<student_id>[^/_.][^/_]*(?:_\d+(?=_assignsubmission))?)_(?:LATE_)?(?:\d+_)*"
    r"(?:assignsubmission_file_/?)?(?P<file_id>[^/]+?)(?:-\d+)?\.\w+$"
)
c.OneName.valid_ext = READ
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
# `nbgrader autograde` and `generate_feedback`, and Formgrader's buttons for them, go through the engine.
takeover.install()
