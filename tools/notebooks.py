"""Chapters as plain notebooks: what a learner opens in JupyterLab, where the book's directives mean nothing.

Citations become links, question sets become lists whose notes open on a click, the bibliography becomes a list, and links
to labelled sections become links to headings. A directive or role that has no plain form is an error, not a gap.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from military_diplomacy import claims, references
from military_diplomacy.directives import contents, graded_work, objectives, questions, terms

LABEL = re.compile(r"^\(([\w-]+)\)=\n+", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CITATION = re.compile(r"\{cite:(p|t)\}`([^`]+)`")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([\w-]+)\)")
DIRECTIVE = re.compile(r"^( *)(```+|:::+)\{([\w-]+)\}([^\n]*)\n(.*?)^\1\2[ ]*$", re.MULTILINE | re.DOTALL)
LEFT_OVER = re.compile(r"\{[a-z:-]+\}`|^ *(?:```+|:::+)\{", re.MULTILINE)
HTML_ONLY = re.compile(r'<p class="md-kicker">(.*?)</p>')


class ConversionError(Exception):
    """A chapter uses something that has no plain form in a notebook."""


def chapters() -> list[Path]:
    """Return the chapters' files, in the order of the table of contents: every page of it with a chapter file beside it."""
    return [file.with_suffix(".md") for part in contents.files(Path()).values() for file in part]


def plain(chapter: Path) -> nbformat.NotebookNode:
    """Return `chapter` as a notebook in which every text cell is plain Markdown.

    Raises:
        ConversionError: a directive or role has no plain form here.
    """
    notebook = jupytext.read(chapter)
    whole = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    page = Page(chapter, whole, _headings(whole))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = page.plain(cell.source)
        elif {"remove-input", "hide-input"} & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return notebook


def _headings(text: str) -> dict[str, str]:
    """Return each label with the heading that it leads to: its own, or that of the section in which a labelled paragraph stands."""
    headings = {}
    for label in LABEL.finditer(text):
        own = HEADING.match(text, label.end())
        before = HEADING.findall(text[: label.start()])
        headings[label[1]] = own[1] if own else before[-1]
    return headings


@dataclass(frozen=True)
class Page:
    """A chapter on its way to a notebook: its file, the whole text, and where labels lead."""

    chapter: Path
    whole: str
    headings: dict[str, str]

    def plain(self, text: str) -> str:
        """Return Markdown without directives and roles.

        Raises:
            ConversionError: one of them has no plain form here.
        """
        text = DIRECTIVE.sub(self._directive, text)
        text = LINK.sub(self._link, CITATION.sub(self._citation, LABEL.sub("", text)))
        text = HTML_ONLY.sub(r"**\1**", text)
        if strange := LEFT_OVER.search(text):
            line = text[strange.start() :].splitlines()[0]
            raise ConversionError(f"{self.chapter}: no plain form for {line!r}; add one to {__name__}")
        return text

    def _directive(self, found: re.Match) -> str:
        indent, name, argument = found[1], found[3], found[4].strip()
        form = getattr(self, f"_{name.replace('-', '_')}_form", None)
        if form is None:
            raise ConversionError(f"{self.chapter}: the directive {{{name}}} has no plain form; add one to {__name__}")
        return textwrap.indent(form(argument, textwrap.dedent(found[5])), indent)

    def _citation(self, found: re.Match) -> str:
        works = [references.find(key) for key in found[2].split(",")]
        labels = "; ".join(_linked(work.label, work) for work in works)
        return f"({labels})" if found[1] == "p" else labels

    def _link(self, found: re.Match) -> str:
        if found[2] not in self.headings:
            return found[0]
        return f"[{found[1]}](#{self.headings[found[2]].replace(' ', '-')})"  # JupyterLab's anchors

    def _div_form(self, _argument: str, body: str) -> str:
        return self.plain(body)

    _debate_form = _div_form

    def _margin_form(self, _argument: str, body: str) -> str:
        return textwrap.indent(self.plain(body), "> ")

    def _position_form(self, title: str, body: str) -> str:
        best, argument = body.split("\n", 1)
        return self.plain(f"### {title}\n\n{argument}\n**Best evidence.** {best.removeprefix(':best:').strip()}\n")

    def _worked_form(self, title: str, body: str) -> str:
        return self.plain(f"### {title}\n\n{body}")

    _faded_form = _worked_form

    def _gap_form(self, _argument: str, body: str) -> str:
        return _fold("Think, then show this step", self.plain(body).rstrip())

    def _claim_form(self, claim_id: str, body: str) -> str:
        claim = claims.find(claim_id)
        said = f"> **{claim.rating.capitalize()}** ({claim.level} of 4, claim {claim.id}). *The article:* {claim.text}"
        return self.plain(f"{said}\n>\n> *The evidence:* {' '.join(body.split()) or claim.reason}")

    def _claims_form(self, ids: str, body: str) -> str:
        rated = [claims.find(claim_id) for claim_id in ids.split()]
        lines = [f"- **{claim.rating.capitalize()}**: {claim.text} *Why:* {claim.reason}" for claim in rated]
        return self.plain("\n".join([body, *lines]))

    def _questions_form(self, ids: str, _body: str) -> str:
        asked = questions.read(self.chapter.with_suffix(".yml"))
        return "\n".join(map(_question, questions.chosen(asked, ids, self.whole, self.chapter.name)))

    def _objectives_form(self, _argument: str, _body: str) -> str:
        items, minutes = objectives.read(self.chapter.with_suffix(".yml"))
        lines = "\n".join(f"- {item['id']}: {item['text']}" for item in items)
        return f"**What you will be able to do**\n\n{lines}\n\n{minutes['read']} minutes to read, {minutes['work']} to work.\n"

    def _terms_form(self, _argument: str, _body: str) -> str:
        listed = terms.terms(self.chapter.with_suffix(".yml"))
        return "\n".join(f"- **{term}**: {meaning}" for term, meaning in listed.items())

    def _reading_form(self, _argument: str, _body: str) -> str:
        works = terms.reading(self.chapter.with_suffix(".yml"))
        return self.plain("\n".join(f"- {_entry(references.find(each['work']))}. {each['why']}" for each in works))

    def _graded_work_form(self, _argument: str, _body: str) -> str:
        work = graded_work.find(self.chapter.with_suffix(".yml"), Path())
        return f"*{work.title}*: {work.points} points, about {work.minutes} minutes; the notebook `{work.name}` beside the chapters."

    def _bibliography_form(self, _argument: str, _body: str) -> str:
        cited = {key for _, keys in CITATION.findall(self.whole) for key in keys.split(",")}
        works = sorted((references.find(key) for key in cited), key=lambda work: work.label.lower())
        return "\n".join(f"- {_entry(work)}" for work in works)


def _linked(text: str, work: references.Reference) -> str:
    return f"[{text}]({work.url})" if work.url else text


def _entry(work: references.Reference) -> str:
    return f"{work.label}. {_linked(work.title, work)}"


def _question(question: dict) -> str:
    form = {"choice": _choice, "order": _order, "estimate": _estimate}[question["kind"]]
    return "\n".join([f"**{question['ask']}** ({question['objective']})", "", *form(question), ""])


def _fold(summary: str, text: str, indent: str = "") -> str:
    """Return a fold whose text Markdown reads: it stands between empty lines."""
    return textwrap.indent(f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>\n", indent)


def _choice(question: dict) -> Iterator[str]:
    for option in question["options"]:
        verdict = "Yes." if option.get("right") else "Not this."
        yield f"- {option['text']}"
        yield _fold("If you chose this", f"{verdict} {option['feedback']}", "  ")


def _order(question: dict) -> Iterator[str]:
    texts = {item["id"]: item["text"] for item in question["items"]}
    yield from (f"- {texts[key]}" for key in question["shown"])
    right = "\n".join(f"{number}. {text}" for number, text in enumerate(texts.values(), start=1))
    yield "\n" + _fold("The order", f"{right}\n\n{question['right']}")


def _estimate(question: dict) -> Iterator[str]:
    yield f"Your range, in {question['unit']}: from … to …"
    yield "\n" + _fold("The answer", question["right"])
