"""`{continue}`, `{parts}`, `{chapters}`, `{ratings}`: the front page and the openers of parts, out of the table of contents.

What a reader has read is known only in the browser: `progress.js` fills in the card of `{continue}`.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from .. import claims
from . import objectives
from .chapter import ChapterDirective, ChapterError, raw
from .claim import slug

MEANINGS = {
    "supported": "The evidence that we found bears the claim out as it stands.",
    "supported with qualification": "True in part, of some cases or years, or with a condition that the article leaves out.",
    "contested": "Published findings or the parties' own accounts disagree, or the claim goes further than any evidence does.",
    "inaccurate": "The record says otherwise.",
}


@dataclass(frozen=True)
class Chapter:
    """A page with a chapter file beside it: its document name, title and minutes."""

    docname: str
    title: str
    read: int
    work: int


def setup(app: Sphinx) -> None:
    app.add_directive("continue", Continue)
    app.add_directive("parts", Parts)
    app.add_directive("chapters", Chapters)
    app.add_directive("ratings", Ratings)


def files(root: Path) -> dict[str, list[Path]]:
    """Return each part of `_toc.yml` with its chapters, the pages that have a `.yml` beside them, as paths without suffix."""
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    listed = {
        part["caption"]: [root / entry["file"] for entry in part["chapters"]] for part in contents.get("parts") or []
    }
    return {name: [file for file in pages if file.with_suffix(".yml").is_file()] for name, pages in listed.items()}


def parts(root: Path) -> dict[str, list[Chapter]]:
    """Return each part of `_toc.yml` with its chapters, in order.

    Raises:
        ChapterError: a chapter has no title, or its file lacks objectives or minutes.
    """
    return {name: [_chapter(root, file) for file in chapters] for name, chapters in files(root).items()}


def _chapter(root: Path, file: Path) -> Chapter:
    text = file.with_suffix(".md").read_text(encoding="utf-8")
    title = next((line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")), None)
    if not title:
        raise ChapterError(f"{file.name}.md: expected a title, a line that begins with `# `, found none")
    minutes = objectives.read(file.with_suffix(".yml"))[1]
    return Chapter(file.relative_to(root).as_posix(), title, minutes["read"], minutes["work"])


class _OfContents(ChapterDirective):
    """A directive that follows the table of contents and the chapters' files."""

    def parts(self) -> dict[str, list[Chapter]]:
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / "_toc.yml"))
        found = parts(root)
        for chapter in (chapter for chapters in found.values() for chapter in chapters):
            for suffix in (".md", ".yml"):
                self.env.note_dependency(str(root / f"{chapter.docname}{suffix}"))
        return found

    def part(self, name: str) -> list[Chapter]:
        found = self.parts()
        if not found.get(name):
            raise ChapterError(f"_toc.yml has no part {name!r} with chapters; there are: {', '.join(found)}")
        return found[name]

    def listed(self, chapters: list[Chapter]) -> list[nodes.Node]:
        items = []
        for chapter in chapters:
            items += [
                raw("<li>"),
                *self.link(chapter.title, chapter),
                raw(f"<span>{chapter.read} + {chapter.work} min</span></li>"),
            ]
        return [raw("<ul>"), *items, raw("</ul>")]

    def link(self, text: str, chapter: Chapter) -> list[nodes.Node]:
        return self.inline(f"{{doc}}`{text} </{chapter.docname}>`")


class Continue(_OfContents):
    """The card that leads to where the reader stopped; until then, and without JavaScript, to the first chapter."""

    def build(self) -> list[nodes.Node]:
        chapters = [chapter for found in self.parts().values() for chapter in found]
        if not chapters:
            raise ChapterError("_toc.yml names no chapter to begin with")
        first = chapters[0]
        return [
            raw(
                '<section class="md-card md-continue" aria-labelledby="md-continue"><p class="md-kicker">Your course</p>'
                f'<h2 id="md-continue">Begin with {escape(first.title)}</h2>'
                f"<p data-where>{first.read} minutes to read, {first.work} to work through. Reading needs no Python.</p>"
                f'<div data-progress hidden><progress class="md-bar" max="{len(chapters)}" value="0" aria-label="Chapters read">'
                "</progress><p data-count></p></div><p data-go>"
            ),
            *self.link("Start reading", first),
            raw("</p></section>"),
        ]


class Parts(_OfContents):
    """Every part with a sentence on it, from the content (`Name: sentence`), and its chapters where there are any."""

    has_content = True

    def build(self) -> list[nodes.Node]:
        about = yaml.safe_load("\n".join(self.content)) or {}
        found = self.parts()
        if missing := [name for name in found if found[name] and name not in about]:
            raise ChapterError(f"says nothing of the part {missing[0]!r}; add a line `{missing[0]}: a sentence`")
        later = [name for name in about if not found.get(name)]
        result = [raw(f'<p class="md-why">Not written yet: {escape(", ".join(later))}.</p>')] if later else []
        for number, (name, sentence) in zip(("I", "II", "III", "IV", "V", "VI"), about.items(), strict=False):
            chapters = found.get(name, [])
            result += [
                raw(
                    f'<section class="md-part" aria-label="{escape(name)}"><p aria-hidden="true">{number}</p><div>'
                    f"<h2>{escape(name)}</h2><p>"
                ),
                *self.inline(sentence),
                raw("</p>"),
                *(self.listed(chapters) if chapters else []),
                raw("</div></section>"),
            ]
        return result


class Chapters(_OfContents):
    """The chapters of one part, with minutes to read and to work."""

    required_arguments = 1

    def build(self) -> list[nodes.Node]:
        return [raw('<div class="md-part">'), *self.listed(self.part(self.arguments[0])), raw("</div>")]


class Ratings(_OfContents):
    """The scale by which claims are rated, and how many of a part's claims stand at each step."""

    required_arguments = 1

    def build(self) -> list[nodes.Node]:
        stems = [chapter.docname.rsplit("/", 1)[-1] for chapter in self.part(self.arguments[0])]
        rated = [claim.rating for stem in stems for claim in claims.of_chapter(stem)]
        rows = "".join(
            f'<div class="md-claim" data-rating="{slug(rating)}"><dt class="md-rating">{rating.capitalize()}</dt>'
            f"<dd>{meaning} <b>{rated.count(rating)} of {len(rated)}</b></dd></div>"
            for rating, meaning in MEANINGS.items()
        )
        return [raw(f'<dl class="md-terms md-ratings">{rows}</dl>')]
