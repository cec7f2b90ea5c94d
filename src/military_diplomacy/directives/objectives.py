"""`{objectives}`: what a reader will be able to do, and how long it takes, from the `.yml` beside the chapter."""

from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from .chapter import ChapterDirective, ChapterError, entries, raw
from .chapter import read as read_chapter


def setup(app: Sphinx) -> None:
    app.add_directive("objectives", Objectives)


def read(path: Path) -> tuple[list[dict], dict[str, int]]:
    """Return the objectives of the chapter file at `path`, each with `id` and `text`, and its minutes to `read` and `work`.

    Raises:
        ChapterError: a part is missing; the message says which.
    """
    objectives = entries(path, "objectives", ("id", "text"))
    minutes = read_chapter(path).get("minutes")
    if not minutes or set(minutes) != {"read", "work"}:
        raise ChapterError(f"{path.name}: expected `minutes` with `read` and `work`, found {minutes!r}")
    return objectives, minutes


class Objectives(ChapterDirective):
    """A box at the head of a chapter."""

    def build(self) -> list[nodes.Node]:
        objectives, minutes = read(self.file)
        items = "".join(
            f'<li id="objective-{escape(item["id"])}"><span>{escape(item["id"])}</span><span>{escape(item["text"])}</span></li>'
            for item in objectives
        )
        return [
            raw(
                '<section class="md-box md-objectives" aria-labelledby="md-objectives"><p class="md-kicker" id="md-objectives">'
                f'What you will be able to do</p><ol>{items}</ol><p class="md-minutes"><span><b>{minutes["read"]} min</b> to read'
                f"</span><span><b>{minutes['work']} min</b> to work</span><span>Read without Python</span></p></section>"
            )
        ]
