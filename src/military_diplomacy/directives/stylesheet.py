"""The book's one stylesheet: every style in the theme's order, without rules that no page can use, with its icons inside."""

import base64
import io
import re
from collections.abc import Iterable
from pathlib import Path

import lightningcss
from fontTools import subset
from fontTools.ttLib import TTFont

from .fonts import rename

ICONS = "vendor/fontawesome/webfonts/fa-solid-900.woff2"
OURS = "md-"  # rules of our own are kept: widgets and scripts make their elements in the reader's browser
NAME = r"-?[A-Za-z_][\w-]*"


def join(files: Iterable[Path]) -> str:
    """Return the styles of `files`, one after another, with the theme's icon fonts left out.

    Raises:
        ValueError: a style asks for a file that the one stylesheet would not find.
    """
    text = "\n".join(re.sub(r"@charset[^;]*;", "", path.read_text(encoding="utf-8")) for path in files)
    text = re.sub(r"@font-face\s*\{[^}]*Font Awesome[^}]*\}", "", text)
    # The licence of the icons reserves their name for the whole font. A summary's label is a `span` here (page_mends.py).
    text = re.sub(r"Font Awesome\\? 6 Free|Font Awesome\\? 6 Brands", "Course Icons", text)
    text = text.replace("summary > p.", "summary > .").replace("summary>p.", "summary>.")
    if stray := {
        url for url in re.findall(r"url\([\"']?([^\"')]+)", text) if not url.startswith(("data:", "fonts/", "#"))
    }:
        stray -= {"file.png"}  # of Sphinx's list of files, which the book does not print
        if stray:
            raise ValueError(
                f"a style asks for {sorted(stray)}: inline it, or keep it in light_pages.py and mend its address"
            )
    return text


def purge(css: str, pages: str, scripts: str) -> str:
    """Return `css` minified, without rules for classes, ids and variables that neither `pages` nor `scripts` name."""
    used = {name for value in re.findall(r"""\b(?:class|id)=["']([^"']*)""", pages) for name in value.split()}
    texts = re.findall(r"""(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1""", scripts)
    used |= {name for _, text in texts for name in re.findall(NAME, text)}
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    named = set(re.findall(rf"[.#]({NAME})", bare))
    # lightningcss drops a declaration, too, whose property is named like an unused class: `text-wrap`.
    properties = set(re.findall(r"[{;]\s*([a-z-]+)\s*:", bare))
    css = _minify(bare, {name for name in named - used - properties if not name.startswith(OURS)})
    while True:  # a variable may be read by another variable alone
        read = set(re.findall(r"var\(\s*(--[\w-]+)", css + pages)) | set(re.findall(r"--[\w-]+", scripts))
        unread = set(re.findall(r"[{;](--[\w-]+):", css)) - read
        moving = set(re.findall(rf"@keyframes ({NAME})", css))
        idle = {name for name in moving if not re.search(rf"(?<!@keyframes )\b{re.escape(name)}\b", css)}
        smaller = _minify(css, unread | idle)
        if smaller == css:
            return css
        css = smaller


def _minify(css: str, unused: set[str]) -> str:
    # The theme carries old hacks (`*zoom`) that no parser accepts; what is dropped, browsers drop too.
    return lightningcss.process_stylesheet(
        css, filename="book.css", error_recovery=True, minify=True, unused_symbols=unused, browsers_list=None
    )


def icons(css: str, font: Path) -> str:
    """Return the rule that holds the glyphs which `css` names, cut out of the theme's icon font.

    Raises:
        ValueError: `css` names no glyph, so that every icon would be missing.
    """
    glyphs = {int(code, 16) for code in re.findall(r"\\([ef][0-9a-f]{3})\b", css)}
    glyphs |= {ord(letter) for letter in css if 0xE000 <= ord(letter) <= 0xF8FF}
    if not glyphs:
        raise ValueError(
            "no icon is named in the styles: the theme has changed how it draws icons; see stylesheet.icons"
        )
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.glyph_names = False
    cut = TTFont(font, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=glyphs)
    cutter.subset(cut)
    rename(cut, "Course Icons", "Solid")
    cut.flavor = "woff2"
    made = io.BytesIO()
    cut.save(made)
    data = base64.b64encode(made.getvalue()).decode()
    return (
        '@font-face{font-family:"Course Icons";font-weight:900;font-display:block;'
        f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
    )
