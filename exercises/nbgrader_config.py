"""This folder is the nbgrader course: run nbgrader here. What differs from course to course stands in ../_config.yml."""

from pathlib import Path

import yaml
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor

HERE = Path(__file__).resolve().parent
course = yaml.safe_load((HERE.parent / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["course"]


class ShortErrors(NbGraderPreprocessor):
    """Leave of every error its last line, and of one in a hidden test no more than that it happened.

    A traceback would print lines of the hidden tests into the feedback, a message their values.
    """

    def preprocess_cell(self, cell, resources, _index):
        if "BEGIN HIDDEN TESTS" in cell.source:
            for output in cell.outputs:
                if output.output_type == "error":
                    output.ename, output.evalue = (
                        "Not right",
                        "the answer did not hold on the other data that it was tried on",
                    )
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = course["id"]
c.Exchange.root = str(HERE / "exchange")
# How learning platforms name what was handed in: STUDENT_FILE, and more in between.
#   Canvas   khanamina_LATE_1234_5678_NAME-1.ipynb    Moodle   Amina Khan_1234567_assignsubmission_file_/NAME.ipynb
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/_]+(?:_\d+(?=_assignsubmission))?)_(?:LATE_)?(?:\d+_)*(?:assignsubmission_file_/?)?"
    r"(?P<file_id>[^/]+?)(?:-\d+)?\.\w+$"
)
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json"]  # the notebook, and what a control in it wrote
c.ExecutePreprocessor.timeout = 60
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, ShortErrors, CSSHTMLHeaderPreprocessor]
