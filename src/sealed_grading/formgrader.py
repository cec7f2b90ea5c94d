"""Formgrader's page of a submission with nothing of the submission in it that can act.

nbgrader's own page holds a memo's HTML and the outputs as they are: a script in them runs with the marker's rights and can
change every mark.
"""

import re

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.server_extensions.formgrader import formgrader

TAGS = {*bleach.ALLOWED_TAGS, *"p h1 h2 h3 h4 h5 h6 pre div span br hr del sub sup dl dt dd details summary".split()}
TAGS |= {"img", *"table caption thead tbody tfoot tr th td".split()}
HIDDEN = re.compile(
    r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)  # what is left of them would be read as text
MATHJAX = re.compile(r"\\(href|class|cssId|style|require|include|unicode)\b")  # commands that make HTML
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);")


def _attribute(tag: str, name: str, value: str) -> bool:
    """Say whether an attribute stays: neither a class nor an id, by which the page's own scripts find its buttons."""
    if tag == "img":
        return name in ("alt", "title") or (name == "src" and PICTURE.match(value) is not None)
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


class SafePage(HTMLExporter):
    """nbconvert's page, with all HTML of cells and outputs cleaned, and scripts and widgets left out."""

    def _init_resources(self, resources):
        return super()._init_resources(resources) | {"should_sanitize_html": True}

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
