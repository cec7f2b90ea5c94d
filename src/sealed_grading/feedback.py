"""A learner's feedback page: per item the points, the failing check's message and the marker's words; no hidden test.

Everything that comes from a student is escaped text or a PNG picture, and the page's own policy forbids scripts.
"""

import base64
import re
from functools import cache

import jinja2
from nbconvert.filters import markdown2html, strip_ansi
from nbformat import NotebookNode

from .course import Original
from .gradebook import Marks

HIDDEN = re.compile(r"[^\n]*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS[^\n]*\n?", re.DOTALL)
NOT_HELD = "Not yet: the answer did not hold on the other data that it was tried on."
LONGEST = 20_000  # characters of one output


@cache
def template() -> jinja2.Template:
    loader = jinja2.PackageLoader(__package__, ".")
    return jinja2.Environment(loader=loader, autoescape=True).get_template("feedback.html")


@cache
def trusted_html(markdown: str) -> str:
    """Return the page's form of a text that the instructor wrote."""
    return markdown2html(markdown)


def page(original: Original, notebook: NotebookNode, marks: Marks, state: str, sentences: list[str]) -> str:
    """Return the feedback page of one graded notebook, with the points and comments that the gradebook holds now."""
    items = [
        {
            "name": name,
            "points": "waits for a person" if name in marks.waiting else f"{points:g}",
            "most": f"{original.cells[name].points:g}",
        }
        for name in original.cells
        if (points := marks.points.get(name)) is not None
    ]
    score = max(0.0, sum(marks.points.values()) - marks.penalty)
    most = sum(cell.points for cell in original.cells.values())
    shown = {item["name"]: item for item in items}
    cells = [_cell(original, cell, shown, marks.comments) for cell in notebook.cells]
    return template().render(
        notebook=original.name,
        score=f"{score:g}",
        most=f"{most:g}",
        penalty=f"{marks.penalty:g}" if marks.penalty else None,
        state=state,
        sentences=sentences,
        items=items,
        cells=cells,
    )


def _cell(original: Original, cell: NotebookNode, shown: dict, comments: dict) -> dict:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    known, item = original.cells.get(name or ""), shown.get(name)
    hidden = bool(known and HIDDEN.search(known.source))
    theirs = known is None or not known.locked
    instructor_text = cell.cell_type == "markdown" and (not theirs or not name)
    return {
        "name": name,
        "points": item["points"] if item else None,
        "most": item["most"] if item else None,
        "html": trusted_html(cell.source) if instructor_text else None,
        "source": HIDDEN.sub("", cell.source).strip(),
        "outputs": _hidden_outputs(cell) if hidden else [_output(output) for output in cell.get("outputs", [])],
        "comments": [trusted_html(comments[name])] if comments.get(name) else [],  # a marker's words, or our own
    }


def _hidden_outputs(cell: NotebookNode) -> list[dict]:
    """Say of a hidden test no more than that it failed: a message would hold its values."""
    failed = any(output.output_type == "error" for output in cell.get("outputs", []))
    return [{"text": NOT_HELD}] if failed else []


def _output(output: NotebookNode) -> dict:
    if output.output_type == "stream":
        return {"text": strip_ansi(output.text)[:LONGEST]}
    if output.output_type == "error":
        return {"text": strip_ansi("\n".join(output.traceback[-1:]))[:LONGEST]}
    picture = output.data.get("image/png")
    if isinstance(picture, str):
        try:
            return {"image": base64.b64encode(base64.b64decode(picture, validate=False)).decode()}
        except ValueError:
            return {"text": "(a picture that cannot be read)"}
    return {"text": strip_ansi(str(output.data.get("text/plain", "")))[:LONGEST]}
