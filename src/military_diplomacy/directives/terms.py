"""`{terms}` and `{reading}`: a chapter's key terms out of the glossary, and what to read next, from the `.yml` beside it."""

from functools import cache
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from .. import references, tables
from .chapter import ChapterDirective, ChapterError, entries, raw, read


def setup(app: Sphinx) -> None:
    app.add_directive("terms", Terms)
    app.add_directive("reading", Reading)


@cache
def glossary() -> dict[str, str]:
    """Return each term of the glossary with its definition."""
    return tables.load("glossary").set_index("term")["definition"].to_dict()


def terms(path) -> dict[str, str]:
    """Return the terms that the chapter file at `path` lists, with their definitions, in its order.

    Raises:
        ChapterError: the list is missing, or a term is not in the glossary.
    """
    listed = read(path).get("terms")
    if not listed:
        raise ChapterError(f"{path.name}: expected a list `terms`, found {listed!r}")
    if strange := [term for term in listed if term not in glossary()]:
        raise ChapterError(f"{path.name}: `terms`: {strange} not in seeds/glossary.csv; add the term there first")
    return {term: glossary()[term] for term in listed}


def reading(path) -> list[dict]:
    """Return what the chapter file at `path` recommends, each with `work` and `why`.

    Raises:
        ChapterError: the list or a key is missing, or the bibliography has no such work.
    """
    works = entries(path, "reading", ("work", "why"))
    if strange := [entry["work"] for entry in works if entry["work"] not in references.load()]:
        raise ChapterError(f"{path.name}: `reading`: {strange} not in seeds/references.bib")
    return works


class Terms(ChapterDirective):
    """A list of definitions."""

    def build(self) -> list[nodes.Node]:
        pairs = "".join(
            f"<div><dt>{escape(term[0].upper() + term[1:])}</dt><dd>{escape(meaning)}</dd></div>"
            for term, meaning in terms(self.file).items()
        )
        return [raw(f'<dl class="md-terms">{pairs}</dl>')]


class Reading(ChapterDirective):
    """A list of works: author and year, which lead to the bibliography, the title, which leads to the work, and why to read it."""

    def build(self) -> list[nodes.Node]:
        items = []
        for entry in reading(self.file):
            work = references.find(entry["work"])
            title = f'<a class="reference external" href="{escape(work.url)}">{escape(work.title)}</a>'
            items += [
                raw("<li><p>"),
                *self.inline(f"{{cite:t}}`{work.key}`"),
                raw(f" <cite>{title if work.url else escape(work.title)}</cite></p><p>"),
                *self.inline(entry["why"]),
                raw("</p></li>"),
            ]
        return [raw('<ul class="md-reading">'), *items, raw("</ul>")]
