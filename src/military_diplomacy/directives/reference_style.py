"""How works are cited and listed: short names in the text, full ones in the list, titles as their authors wrote them.

In the text a work is its label, `Kydd 2000`, in brackets by `{cite:p}`, without by `{cite:t}`; a body goes by the `shortauthor`
that references.bib gives it. Works of one page that would share a label get a, b, c. The list is not numbered, for each citation
leads to its work; it says what a work is cited as where its full name does not.
"""

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as attribute
from string import ascii_lowercase

import sphinxcontrib.bibtex.plugin
from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.formatting.unsrt import date
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import field, first_of, href, join, optional, optional_field, sentence, tag
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.basic_label import BasicLabelParentheticalReferenceStyle

from .. import references


@dataclass
class CourseReferences(BasicLabelParentheticalReferenceStyle):
    bracket: BracketStyle = attribute(default_factory=lambda: BracketStyle(sep="; "))

    def role_names(self):
        return ["p", "t"]

    def outer(self, role_name, children):
        return self.bracket.outer(children, brackets=role_name == "p", capfirst=False)


class CourseLabels(BaseLabelStyle):
    def format_labels(self, sorted_entries):
        plain = [references.label(entry) for entry in sorted_entries]
        shared, used = Counter(plain), Counter()
        for label in plain:
            letter = ascii_lowercase[used[label]] if shared[label] > 1 else ""
            used[label] += 1
            yield label + letter


class CourseStyle(PlainStyle):
    """pybtex's plain style, which would lower titles (`kim` in a headline) and print the address of each web page."""

    default_label_style = CourseLabels

    def format_entry(self, label, entry, bib_data=None):
        listed = super().format_entry(label, entry, bib_data)
        if label == references.label(entry, short=False):
            return listed
        return FormattedEntry(listed.key, Text(listed.text, f" Cited as {label}."), label)

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

    def get_misc_template(self, e):
        dated = e.fields["year"] in e.fields.get("howpublished", "")
        return toplevel[
            optional[sentence[self.format_names("author")]],
            optional[self.format_title(e, "title")],
            sentence[optional_field("howpublished"), "" if dated else optional[date]],
            sentence[optional_field("note")],
            self.format_web_refs(e),
        ]


def without_numbers(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take each entry's label and its links back to the citations out of the list: no page shows them."""
    for entry in doctree.findall(nodes.citation):
        entry.children = [child for child in entry.children if not isinstance(child, nodes.label)]


def setup(app: Sphinx) -> None:
    sphinxcontrib.bibtex.plugin.register_plugin("sphinxcontrib.bibtex.style.referencing", "course", CourseReferences)
    register_plugin("pybtex.style.formatting", "course", CourseStyle)
    app.connect("doctree-resolved", without_numbers)
