"""A learner's feedback page: per item the points, the failing check's message and the marker's words; no hidden test.

Everything that comes from a student is escaped text or a PNG picture, and the page's own policy forbids scripts.
"""

import base64
import re
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

import jinja2
from nbconvert.filters import markdown2html, strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from .controls import HEADING, titled
from .course import Cell, Original
from .execute import NOT_RUN, NOT_SEEN
from .gradebook import Marks
from .intake import is_own

TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
NOT_ASKED = (
    "Not run: the process that the notebook ran in had ended, or answered no more, in a check that only grading runs."
)
NOT_HELD = "Not yet: the answer did not hold in a check that only grading runs."
LONGEST = 20_000  # characters of one output


@cache
def template() -> jinja2.Template:
    loader = jinja2.PackageLoader(__package__, ".")
    return jinja2.Environment(loader=loader, autoescape=True).get_template("feedback.html")


@cache
def trusted_html(markdown: str) -> str:
    """Return the page's form of a text that the instructor wrote."""
    return markdown2html(markdown)


def comment_html(markdown: str) -> str:
    """Return the page's form of what a marker wrote: who writes `<who>` there means these letters."""
    return MarkdownWithMath(renderer=IPythonRenderer(escape=True)).render(markdown)


@dataclass
class Section:
    """What stands below one heading of the notebook."""

    title: str
    anchor: str
    task: list[str] = field(default_factory=list)  # HTML
    parts: list[dict] = field(default_factory=list)

    @property
    def graded(self) -> list[dict]:
        return [part for part in self.parts if part["most"] is not None]

    @property
    def runs(self) -> list[tuple[bool, list[dict]]]:
        """What is shown, in order: code that is only folded away, all that stands together as one, or any other part."""
        shown = [part for part in self.parts if part["kind"] != "code" or part["source"]]
        return [(folded, list(parts)) for folded, parts in groupby(shown, lambda part: part["kind"] == "code")]

    @property
    def points(self) -> float:
        return sum(part["points"] for part in self.graded)

    @property
    def most(self) -> float:
        return sum(part["most"] for part in self.graded)

    @property
    def waits(self) -> bool:
        return any(part["waits"] for part in self.graded)


def page(
    student: str,
    original: Original,
    notebook: NotebookNode | None,
    marks: Marks,
    state: str,
    sentences: list[str],
    chosen: dict[str, list[dict]],
) -> str:
    """Return a student's feedback page of one notebook, with the points and comments that the gradebook holds now.

    `notebook` is the graded one, None where none was; `chosen` is what `controls.chosen` makes of the files beside it.
    """
    sections, answer = [Section(original.name, "item-0")], None
    for cell in notebook.cells if notebook else ():
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        known = original.cells.get(name or "")
        if is_own(cell):
            (answer["own"] if answer else sections[-1].parts).append(_part(cell, None, None, marks, original))
            continue
        if cell.cell_type == "markdown" and (known is None or known.locked):
            text = _shown(cell, known, original)
            if found := HEADING.search(text):
                sections.append(Section(titled(found), f"item-{len(sections)}"))
            sections[-1].task.append(trusted_html(HEADING.sub("", text, count=1)))
        if known is not None or cell.cell_type == "code":
            sections[-1].parts.append(_part(cell, name, known, marks, original, chosen.get(name)))
        answer = sections[-1].parts[-1] if known is not None and known.by_hand else None
    there = {part["name"] for section in sections for part in section.parts}
    left = [name for name in marks.points if name in original.cells and name not in there]
    if notebook is None:  # what is left then was given by hand, to an earlier attempt
        left = [name for name in left if marks.points[name]]
    if left:
        blank = NotebookNode(cell_type="code", source="", outputs=[], metadata=NotebookNode())
        sections.append(Section("Not handed in", f"item-{len(sections)}"))
        sections[-1].parts = [_part(blank, name, original.cells[name], marks, original) for name in left]
    return template().render(
        title=_title(original),
        student=student,
        score=max(0.0, sum(marks.points.values()) - marks.penalty),
        most=sum(cell.points for cell in original.cells.values()),
        penalty=marks.penalty,
        waiting=bool(marks.waiting),
        state=state,
        sentences=sentences,
        sections=[section for section in sections if section.graded],
    )


def _shown(cell: NotebookNode, known: Cell | None, original: Original) -> str:
    """Return a cell's text; of the instructor's cells, which may hold hidden tests or a mark scheme, what was released."""
    return original.released_sources.get(known.name, "") if known and known.locked and cell.source else cell.source


def _title(original: Original) -> str:
    """Return the released notebook's title, where it has none its name."""
    texts = (cell.source for cell in original.released.cells if cell.cell_type == "markdown")
    return next((found[1].strip() for found in map(TITLE.search, texts) if found), original.name)


def _part(
    cell: NotebookNode,
    name: str | None,
    known: Cell | None,
    marks: Marks,
    original: Original,
    chosen: list[dict] | None = None,
) -> dict:
    """Return one cell as the template shows it: an answer, a check, a text to mark, or code that is only folded away."""
    hidden = bool(known and known.locked and original.released_sources.get(name) != known.source)
    graded = name in marks.points
    kind = "code" if known is None or (known.locked and not graded) else "check" if known.is_test else "answer"
    return {
        "kind": kind,
        "name": name,
        "points": marks.points.get(name, 0.0),
        "most": known.points if known and graded else None,
        "waits": name in marks.waiting,
        "hidden": hidden,
        "chosen": chosen or [],
        "html": trusted_html(_shown(cell, known, original))
        if known and kind == "code" and cell.cell_type == "markdown"
        else None,
        "source": "" if known and known.task_id else _shown(cell, known, original).strip(),  # a task is shown as such
        "own": [],  # the learner's own cells that belong to an answer
        "outputs": _hidden_outputs(cell) if hidden else [_output(output) for output in cell.get("outputs", [])],
        "comment": comment_html(marks.comments[name]) if name in marks.comments else None,
    }


def _hidden_outputs(cell: NotebookNode) -> list[dict]:
    """Say of a hidden test no more than that it failed: a message would hold its values."""
    failed = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if not failed:
        return []
    said = {
        NOT_RUN: NOT_ASKED,
        NOT_SEEN: f"Not looked at: {failed[-1].evalue}",
    }  # the latter are the answer's own words
    return [{"text": said.get(failed[-1].ename, NOT_HELD), "failed": True}]


def _output(output: NotebookNode) -> dict:
    if output.output_type == "stream":
        return {"text": strip_ansi(output.text)[:LONGEST]}
    if output.output_type == "error":
        return {"text": strip_ansi("\n".join(output.traceback[-1:]))[:LONGEST], "failed": True}
    picture = output.data.get("image/png")
    if isinstance(picture, str):
        try:
            return {"image": base64.b64encode(base64.b64decode(picture, validate=False)).decode()}
        except ValueError:
            return {"text": "(a picture that cannot be read)"}
    return {"text": strip_ansi(str(output.data.get("text/plain", "")))[:LONGEST]}
