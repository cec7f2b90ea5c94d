"""`{worked}` and `{faded}`: an example in numbered steps; in the faded one, steps that hold a `{gap}` are left to the reader."""

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from .chapter import ChapterDirective, ChapterError, raw


def setup(app: Sphinx) -> None:
    app.add_directive("worked", Worked)
    app.add_directive("faded", Faded)
    app.add_directive("gap", Gap)


class Worked(ChapterDirective):
    """A titled box around numbered steps."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    extra_class = ""

    def build(self) -> list[nodes.Node]:
        inside = self.body()
        if not any(isinstance(node, nodes.enumerated_list) for node in inside):
            raise ChapterError(f"{self.arguments[0]!r} has no numbered steps")
        title = escape(self.arguments[0])
        box = f'<section class="md-box md-worked{self.extra_class}" aria-label="{title}"><h3>{title}</h3>'
        return [raw(box), *inside, raw("</section>")]


class Faded(Worked):
    """The same with gaps."""

    extra_class = " md-faded"

    def build(self) -> list[nodes.Node]:
        if not re.search(r"\{gap\}", "\n".join(self.content)):
            raise ChapterError(f"{self.arguments[0]!r} leaves no step out; put a {{gap}} into one, or use {{worked}}")
        return super().build()


class Gap(ChapterDirective):
    """What the reader is to find out: folded."""

    has_content = True

    def build(self) -> list[nodes.Node]:
        opening = '<details class="md-more md-gap"><summary>Think, then show this step</summary>'
        return [raw(opening), *self.body(), raw("</details>")]
