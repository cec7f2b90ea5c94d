"""`nbgrader autograde` and `generate_feedback`, and Formgrader's buttons for them, through the engine; its pages without scripts.

In the course's nbgrader_config.py, which both nbgrader and formgrader read:

    from sealed_grading import takeover

    takeover.install()
"""

import subprocess
import sys

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException

from . import formgrader


def install() -> None:
    """Have nbgrader's two converters call the engine, and Formgrader make harmless pages; everything else of nbgrader stays as it is."""
    Autograde.start, GenerateFeedback.start = _autograde, _generate_feedback
    formgrader.install()


def _autograde(converter: Autograde) -> None:
    _run(converter, "grade", *["--again"] * bool(converter.force))


def _generate_feedback(converter: GenerateFeedback) -> None:
    _run(converter, "feedback")


def _run(converter: BaseConverter, command: str, *options: str) -> None:
    """Run `sealed-grading` as a program of its own, for threads and signals are its own, and log what it says.

    Raises:
        NbGraderException: it did not do what was asked; the log says why.
    """
    course = converter.coursedir
    if course.notebook_id != "*":
        raise _refused(converter, "the engine grades an assignment's notebooks together; leave out --notebook")
    words = [sys.executable, "-m", "sealed_grading.cli", command, course.assignment_id, "--course", course.root]
    with subprocess.Popen(
        [*words, "--student", course.student_id, *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr:
            converter.log.info(line.rstrip())
    if process.returncode:
        raise _refused(converter, f"sealed-grading {command} ended with exit code {process.returncode}; see the log")


def _refused(converter: BaseConverter, words: str) -> NbGraderException:
    converter.log.error(words)
    return NbGraderException(words)
