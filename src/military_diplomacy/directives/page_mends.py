"""What the theme, myst-nb, pandas and bibtex write wrong into pages, set right in the built HTML.

A mend of the theme is tied to its pinned version: where its result is found on no page, the build fails and names it. A mend
of what a chapter may or may not hold (code, tables, references) is tried in silence.
"""

import re
from dataclasses import dataclass
from html import escape

from sphinx.errors import ExtensionError


@dataclass(frozen=True)
class Mend:
    """A fault's pattern and what replaces it.

    `proof` is a text that stands in at least one page of every book when the mend has worked.
    """

    fault: str
    pattern: str
    replacement: str
    proof: str = ""


MENDS = (
    Mend(
        "the primary sidebar is outside all landmarks",
        r'<div id="pst-primary-sidebar" class',
        r'<div id="pst-primary-sidebar" role="complementary" aria-label="Book" class',
        proof='id="pst-primary-sidebar" role="complementary"',
    ),
    Mend(
        "the sidebar's toggle says neither what it is nor that it is a plain button",
        r'<button class="sidebar-toggle (\w+)-toggle ([^"]*)" title="Toggle \w+ sidebar"',
        r'<button type="button" class="sidebar-toggle \1-toggle \2" title="Toggle \1 sidebar" aria-label="Toggle \1 sidebar"',
        proof='aria-label="Toggle primary sidebar"',
    ),
    Mend("an advertisement's place is left empty in the sidebar",
         r'<div class="sidebar-primary-item">\s*<div id="ethical-ad-placement".*?</div>\s*</div>', ""),
    Mend("a paragraph in a summary", r'<p class="(collapsed|expanded)\b([^"]*)">(.*?)</p>', r'<span class="\1\2">\3</span>'),
    Mend("a summary named otherwise than it reads", r'<summary aria-label="Toggle hidden content">', "<summary>"),
    Mend("styles inside a pandas table's output", r"<style scoped>.*?</style>\s*", ""),
    Mend("a pandas table's border as an attribute", r'<table border="1" class="dataframe', '<table class="dataframe'),
    Mend("alignment of a pandas table's head", r'<tr style="text-align: right;">', "<tr>"),
    Mend("a pandas table's numbers stand left", r"<td>(-?[\d.,]+)</td>", r'<td class="md-num">\1</td>'),
    Mend("a table's empty header cell", r"<th([^>]*)>\s*</th>", r"<td\1></td>"),
    Mend("a cited work stands a second time in each citation's title, beside the course's own preview",
         r'(<a class="reference internal" href="#id\d+") title="[^"]*"', r"\1"),
    Mend("a number before each entry of the bibliography, and links back, which the course's style never shows",
         r'<span class="label"><span class="fn-bracket">.*?(?=<p>)', ""),
    Mend("a deprecated role of bibtex", r'role="doc-biblioentry"', 'role="listitem"'),
)  # fmt: skip


def mend(page: str) -> str:
    """Return the HTML of a page with its faults mended; a page that is mended already stays as it is."""
    for each in MENDS:
        page = re.sub(each.pattern, each.replacement, page, flags=re.DOTALL)
    return page


def require_proofs(pages: list[str]) -> None:
    """Raise an error for a mend of the theme that no page shows.

    Raises:
        ExtensionError: the pinned theme has changed; the message says which mend to look at.
    """
    for each in MENDS:
        if each.proof and not any(each.proof in page for page in pages):
            raise ExtensionError(
                f"page_mends.py: no page holds {each.proof!r}. The mend of the fault {each.fault!r} no longer fits the "
                "theme: compare its pattern with a page of the stock theme, or drop it if the theme has mended it."
            )


def redirect(page: str, title: str, language: str) -> str:
    """Return Jupyter Book's redirect from the book's address to its first page as a whole document."""
    target = re.search(r"url=([^\"' >]+)", page)
    if "<html" in page or not target:
        return page
    address = escape(target[1])
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{escape(title)}"><link rel="icon" href="data:,">'
        f'<meta http-equiv="refresh" content="0; url={address}"></head>'
        f'<body><main><h1>{escape(title)}</h1><p><a href="{address}">Open the book</a></p></main></body></html>\n'
    )
