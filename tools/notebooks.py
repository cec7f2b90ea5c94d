"""Chapters as plain notebooks: what a learner opens in JupyterLab, where the book's directives mean nothing.

Citations become links, question sets become lists whose notes open on a click, the bibliography becomes a list, and links
to labelled sections become links to headings. A directive or role that has no plain form is an error, not a gap.
"""

import re
from pathlib import Path

import jupytext
import nbformat
import yaml

from military_diplomacy import references
from military_diplomacy.directives import objectives, questions

LABEL = re.compile(r"^\(([\w-]+)\)=\n+(?=(#+) (.+)$)", re.MULTILINE)
CITATION = re.compile(r"\{cite:(p|t)\}`([^`]+)`")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([\w-]+)\)")
DIRECTIVE = re.compile(r"^(```+|:::+)\{([\w-]+)\}[^\n]*\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
LEFT_OVER = re.compile(r"\{[a-z:-]+\}`|^(?:```+|:::+)\{", re.MULTILINE)
HTML_ONLY = re.compile(r'<p class="md-kicker">(.*?)</p>')


class ConversionError(Exception):
    """A chapter uses something that has no plain form in a notebook."""


def chapters() -> list[Path]:
    """Return the chapters' files, in the order of the table of contents: every page of it that has code to run."""
    contents = yaml.safe_load(Path("_toc.yml").read_text(encoding="utf-8"))
    files = [Path(f"{entry['file']}.md") for part in contents["parts"] for entry in part["chapters"]]
    return [path for path in files if "kernelspec" in jupytext.read(path).metadata]


def plain(chapter: Path) -> nbformat.NotebookNode:
    """Return `chapter` as a notebook in which every text cell is plain Markdown.

    Raises:
        ConversionError: a directive or role has no plain form here.
    """
    notebook = jupytext.read(chapter)
    whole = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = {label: heading for label, _, heading in LABEL.findall(whole)}
    cited = {key for _, keys in CITATION.findall(whole) for key in keys.split(",")}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = _plain_text(cell.source, chapter, headings, cited)
        elif {"remove-input", "hide-input"} & set(cell.metadata.get("tags", [])):
            cell.metadata["jupyter"] = {"source_hidden": True}
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return notebook


def _plain_text(text: str, chapter: Path, headings: dict[str, str], cited: set[str]) -> str:
    def directive(found: re.Match) -> str:
        name, body = found[2], found[3]
        if name == "questions":
            return "\n".join(map(_question, questions.read(chapter.with_suffix(".yml"))))
        if name == "objectives":
            items, minutes = objectives.read(chapter.with_suffix(".yml"))
            lines = [f"- {item['id']}: {item['text']}" for item in items]
            return "\n".join(
                [
                    "**What you will be able to do**",
                    "",
                    *lines,
                    "",
                    f"{minutes['read']} minutes to read, {minutes['work']} to work.",
                ]
            )
        if name == "bibliography":
            works = sorted((references.find(key) for key in cited), key=lambda work: work.label.lower())
            return "\n".join(f"- {work.label}. [{work.title}]({work.url})" for work in works)
        if name == "div":
            return body
        raise ConversionError(f"{chapter}: the directive {{{name}}} has no plain form; add one to {__name__}")

    def citation(found: re.Match) -> str:
        works = [references.find(key) for key in found[2].split(",")]
        labels = "; ".join(f"[{work.label}]({work.url})" for work in works)
        return f"({labels})" if found[1] == "p" else labels

    def link(found: re.Match) -> str:
        if found[2] not in headings:
            return found[0]
        return f"[{found[1]}](#{headings[found[2]].replace(' ', '-')})"  # JupyterLab's anchors

    text = DIRECTIVE.sub(directive, text)
    text = LINK.sub(link, CITATION.sub(citation, LABEL.sub("", text)))
    text = HTML_ONLY.sub(r"**\1**", text)
    if strange := LEFT_OVER.search(text):
        line = text[strange.start() :].splitlines()[0]
        raise ConversionError(f"{chapter}: no plain form for {line!r}; add one to {__name__}")
    return text


def _question(question: dict) -> str:
    lines = [f"**{question['ask']}**", ""]
    for option in question["options"]:
        verdict = "Yes." if option.get("right") else "Not this."
        lines += [
            f"- {option['text']}",
            f"  <details><summary>If you chose this</summary>{verdict} {option['feedback']}</details>",
        ]
    return "\n".join([*lines, ""])
