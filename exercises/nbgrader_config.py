"""This folder is the nbgrader course: run nbgrader here. What differs from course to course stands in ../_config.yml."""

from pathlib import Path

import yaml
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor

HERE = Path(__file__).resolve().parent
course = yaml.safe_load((HERE.parent / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["course"]


class ShortErrors(NbGraderPreprocessor):
    """Leave of every error its last line: a traceback would print lines of the hidden tests into the feedback."""

    def preprocess_cell(self, cell, resources, _index):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.course_id = course["id"]
c.Exchange.root = str(HERE.parent / "_build" / "exchange")
c.ExecutePreprocessor.timeout = 60
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.GenerateFeedback.preprocessors = [GetGrades, ClearHiddenTests, ShortErrors, CSSHTMLHeaderPreprocessor]
