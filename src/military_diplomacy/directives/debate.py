"""`{debate}` with two `{position}`: rival readings side by side, each with its best evidence, in equal rank."""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx

from .chapter import ChapterDirective, ChapterError, raw


def setup(app: Sphinx) -> None:
    app.add_directive("debate", Debate)
    app.add_directive("position", Position)


class Debate(ChapterDirective):
    """Two positions; anything else inside is an error."""

    has_content = True

    def build(self) -> list[nodes.Node]:
        inside = self.body()
        positions = sum('class="md-position"' in node.astext() for node in inside if isinstance(node, nodes.raw))
        if positions != 2:
            raise ChapterError(f"expected two {{position}} directives inside, found {positions}")
        return [raw('<div class="md-debate"><div class="md-two">'), *inside, raw("</div></div>")]


class Position(ChapterDirective):
    """One reading: a title, its argument, and in `best` the strongest evidence for it."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"best": directives.unchanged_required}

    def build(self) -> list[nodes.Node]:
        title = self.arguments[0]
        if "best" not in self.options:
            raise ChapterError(f"{title!r} has no `:best:`; give the strongest evidence for this reading")
        return [
            raw(f'<section class="md-position" aria-label="{escape(title)}"><h3>{escape(title)}</h3>'),
            *self.body(),
            raw('<p class="md-why"><strong>Best evidence.</strong> '),
            *self.inline(self.options["best"]),
            raw("</p></section>"),
        ]
