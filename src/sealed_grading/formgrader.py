"""Formgrader's page of a submission with nothing of the submission in it that can act, and what a marker needs in view.

nbgrader's own page holds a memo's HTML and the outputs as they are: a script in them runs with the marker's rights and can
change every mark. And its styles take from a fold the triangle by which one sees that it opens.
"""

import re

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader import formgrader

from .controls import HEADING
from .intake import is_own

TAGS = {*bleach.ALLOWED_TAGS, *"p h1 h2 h3 h4 h5 h6 pre div span br hr del sub sup dl dt dd details summary".split()}
TAGS |= {"img", *"table caption thead tbody tfoot tr th td".split()}
# What is left of these would be read as text.
HIDDEN = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
MATHJAX = re.compile(r"\\(href|class|cssId|style|require|include|unicode|csname|mmlToken)\b")  # commands that make HTML
STYLES = """
summary { display: list-item; cursor: pointer; }
.rendered_html details :is(td, th) { padding: .2em 1em .2em 0; vertical-align: top; text-align: left; }
"""
FOR_THE_LEARNER = "*What the learner reads below the text:*\n\n"
OF_THE_LEARNER = "*The learner's own cell:*\n\n"
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);")


def _attribute(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute stays: neither a class nor an id, by which the page's own scripts find its buttons."""
    if tag == "img":
        return name in ("alt", "title") or (name == "src" and PICTURE.match(value) is not None)
    if tag == "details":
        return name == "open"
    return (tag == "a" and name in ("href", "title")) or (tag in ("th", "td") and name in ("colspan", "rowspan"))


def clean(html: str) -> str:
    """Return the HTML with no more than text, tables, links and pictures that it holds itself."""
    kept = bleach.clean(
        HIDDEN.sub("", str(html)),
        tags=TAGS,
        attributes=_attribute,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
    )
    return MATHJAX.sub(r"\\text{\1}", kept)


def unfold(notebook: NotebookNode) -> None:
    """Open the folds of the text that stands right below what a person marks, its rubric, and say whom the text speaks to, and
    which text is the learner's own."""
    below = False
    for cell in notebook.cells:
        if is_own(cell):
            if cell.cell_type == "markdown":
                cell.source = OF_THE_LEARNER + cell.source
            continue
        about = cell.metadata.get("nbgrader", {})
        text = cell.cell_type == "markdown" and not about
        if below and text and "<details" in cell.source and not HEADING.search(cell.source):
            cell.source = FOR_THE_LEARNER + re.sub(r"<details(?=[\s>])", "<details open", cell.source)
        below = bool(about.get("task") or (about.get("grade") and about.get("solution")))


class SafePage(HTMLExporter):
    """nbconvert's page, with all HTML of cells and outputs cleaned, and scripts and widgets left out."""

    def _init_resources(self, resources):
        return super()._init_resources(resources) | {"should_sanitize_html": True}

    def _preprocess(self, notebook, resources):
        notebook, resources = super()._preprocess(notebook, resources)
        resources["inlining"]["css"].append(STYLES)
        unfold(notebook)
        return notebook, resources

    def default_filters(self):
        yield from super().default_filters()
        yield "clean_html", clean
        yield "markdown2html", self.clean_markdown

    @pass_context
    def clean_markdown(self, context, source: str) -> str:
        cell = context.get("cell", NotebookNode())
        known = cell.get("attachments", {})
        names = re.findall(r"attachment:([^)\s\"'>]+)", source)
        for name in sorted(set(names) - set(known), key=len, reverse=True):  # nbconvert would give up the page for it
            source = source.replace(f"attachment:{name}", f"missing-picture:{name}")
        return clean(self.markdown2html(context, source))


def install() -> None:
    """Have Formgrader make its pages so, from the next start of its server on."""
    formgrader.HTMLExporter = SafePage
