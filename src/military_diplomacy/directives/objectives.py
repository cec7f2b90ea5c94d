"""`{objectives}`: what a reader will be able to do, and how long it takes, from the `.yml` beside the chapter."""

from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class ObjectivesError(ValueError):
    """A chapter's file does not hold its objectives or its minutes."""


def setup(app: Sphinx) -> None:
    app.add_directive("objectives", Objectives)


def read(path: Path) -> tuple[list[dict], dict[str, int]]:
    """Return the objectives of the chapter file at `path`, each with `id` and `text`, and its minutes to `read` and `work`.

    Raises:
        ObjectivesError: a part is missing; the message says which.
    """
    chapter = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}
    objectives, minutes = chapter.get("objectives"), chapter.get("minutes")
    if not objectives or any(not item.get("id") or not item.get("text") for item in objectives):
        raise ObjectivesError(
            f"{path.name}: expected a list `objectives`, each with `id` and `text`, found {objectives!r}"
        )
    if not minutes or set(minutes) != {"read", "work"}:
        raise ObjectivesError(f"{path.name}: expected `minutes` with `read` and `work`, found {minutes!r}")
    return objectives, minutes


class Objectives(SphinxDirective):
    """A box at the head of a chapter."""

    def run(self) -> list[nodes.Node]:
        source = Path(self.env.doc2path(self.env.docname)).with_suffix(".yml")
        self.env.note_dependency(str(source))
        try:
            objectives, minutes = read(source)
        except (ObjectivesError, yaml.YAMLError) as error:
            raise self.error(str(error)) from error
        items = "".join(
            f"<li><span>{escape(item['id'])}</span><span>{escape(item['text'])}</span></li>" for item in objectives
        )
        return [
            nodes.raw(
                "",
                '<section class="md-objectives" aria-labelledby="md-objectives"><p class="md-kicker" id="md-objectives">'
                f"What you will be able to do</p><ol>{items}</ol><p>{minutes['read']} minutes to read, {minutes['work']} to work."
                "</p></section>",
                format="html",
            )
        ]
