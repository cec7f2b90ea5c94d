"""How the bibliography reads: titles as their authors wrote them, each linked to its work, no addresses in the text."""

from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.template import field, first_of, href, join, optional, sentence, tag
from sphinx.application import Sphinx


class CourseStyle(PlainStyle):
    """pybtex's plain style, which would lower titles (`kim` in a headline) and print the address of each web page."""

    def _linked(self, title):
        return first_of[
            optional[href[join["https://doi.org/", field("doi", raw=True)], title]],
            optional[href[field("url", raw=True), title]],
            title,
        ]

    def format_title(self, e, which_field, as_sentence=True):
        title = self._linked(field(which_field))
        return sentence[title] if as_sentence else title

    def format_btitle(self, e, which_field, as_sentence=True):
        title = self._linked(tag("em")[field(which_field)])
        return sentence[title] if as_sentence else title

    def format_web_refs(self, e):
        return sentence[optional["doi:", field("doi", raw=True)]]


def setup(app: Sphinx) -> None:
    register_plugin("pybtex.style.formatting", "course", CourseStyle)
