"""Light pages: one stylesheet and one script for all of the theme's, the extensions' and our own, and nothing that no page asks for.

The templates in `book/templates` leave out the theme's own tags; this module puts the two files in their place and makes them at
the end of the build, has the pages' faults mended (`page_mends`) and their widgets' state made light (`widget_state`), and deletes
the rest of `_static`. It is tied to the pinned theme: a style or script that it does not know stops the build.
"""

import hashlib
import re
from pathlib import Path

import rjsmin
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript
from sphinx.errors import ExtensionError
from sphinx.util import logging

from . import page_assets, page_mends, stylesheet, widget_state

STYLE, SCRIPT = "book.css", "book.js"
# In the order of the stock pages. `mystnb.*` carries a hash in its name.
THEME_STYLES = ("basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css")
EXTENSION_STYLES = ("mystnb.*.css",)
LAST_STYLES = ("sphinx-design.min.css",)
STYLES = (*THEME_STYLES, *EXTENSION_STYLES, *page_assets.STYLES, *LAST_STYLES)
# Each needs those before it: Sphinx's options and tools, then the extensions, the course. Last the one that marks words
# searched for, which stops, and with it all behind it, where the browser's storage is switched off.
SCRIPTS = ("documentation_options.js", "doctools.js", "design-tabs.js", *page_assets.SCRIPTS, "sphinx_highlight.js")
# Bootstrap and the theme's two; page.js does what the book needs of them, at a tenth of their weight.
REPLACED_SCRIPTS = ("scripts/bootstrap.js", "scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js")
SEARCH_SCRIPTS = ("searchtools.js", "language_data.js")  # only search.html asks for them
TABS_PREFIX = "data-sd-tabs-storage-prefix"  # sphinx-design's script reads it from its own tag
# The theme's settings for a version switcher and for search as one types, neither of which the book has.
NEEDLESS_SETTING = re.compile(r"DOCUMENTATION_OPTIONS\.(?:pagename = .*|search_as_you_type = false);")

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", one_of_each, priority=990)  # after the theme and all extensions have added theirs
    app.connect("build-finished", make_light, priority=990)


def one_of_each(app: Sphinx, page: str, _template: str, context: dict, _doctree) -> None:
    """Let the page ask for one stylesheet and one script; keep its widgets' state.

    Raises:
        ExtensionError: the page asks for a style or script that the one file would not hold.
    """
    for style in context["css_files"]:
        _require_known(_name(style), STYLES, "STYLES", page)
    data, attributes = [], {"defer": "defer"}
    for script in context["script_files"]:
        body = script.attributes.get("body", "")
        if script.filename:
            _require_known(_name(script), (*SCRIPTS, *REPLACED_SCRIPTS), "SCRIPTS", page)
            attributes |= {TABS_PREFIX: script.attributes[TABS_PREFIX]} if TABS_PREFIX in script.attributes else {}
        elif "type" in script.attributes:
            data.append(script)
        elif not NEEDLESS_SETTING.fullmatch(body):
            raise ExtensionError(
                f"light_pages.py: {page} holds a script of its own that is not known: {body[:200]!r}. See which extension "
                "adds it: let NEEDLESS_SETTING match it to leave it out, or keep it as light_pages.py keeps widgets' state."
            )
    context["css_files"] = [_CascadingStyleSheet(f"_static/{STYLE}")]
    context["script_files"] = [_JavaScript(f"_static/{SCRIPT}", **attributes), *data]


def _name(asset) -> str:
    return str(asset.filename).removeprefix("_static/").split("?")[0]


def _require_known(name: str, known: tuple[str, ...], where: str, page: str) -> None:
    if not any(Path(name).match(pattern) for pattern in known):
        raise ExtensionError(
            f"light_pages.py: {page} asks for {name}, which is not in {where} and would be lost. If the file is the "
            "course's, name it in page_assets.py; if it is an extension's, add it in light_pages.py at the place where the "
            "stock page loads it; then run tests/browser/test_light_pages.py."
        )


def make_light(app: Sphinx, error: Exception | None) -> None:
    """Make the two files, mend the pages and delete what no page asks for."""
    static = Path(app.outdir) / "_static"
    if error or app.builder.name != "html" or not (static / THEME_STYLES[1]).is_file():
        return  # the last: no page was written, so that Sphinx copied no asset and the old ones stand
    pages = {
        path: widget_state.lighten(page_mends.mend(path.read_text(encoding="utf-8")))
        for path in Path(app.outdir).rglob("*.html")
        if not {"_static", "_sources"} & set(path.relative_to(app.outdir).parts)
    }
    page_mends.require_proofs(list(pages.values()))
    html = "\n".join(pages.values())
    _write_script(static)
    _write_style(app, static, html)
    versions = {name: hashlib.sha256((static / name).read_bytes()).hexdigest()[:8] for name in (STYLE, SCRIPT)}
    for path, page in pages.items():
        for name, version in versions.items():
            page = re.sub(rf"(_static/{re.escape(name)})(?:\?v=\w*)?", rf"\1?v={version}", page)
        _require_two_files(path, page)
        page = page_mends.redirect(page, app.config.html_title or app.config.project, app.config.language)
        path.write_text(page, encoding="utf-8")
    prune(static, html + (static / STYLE).read_text("utf-8") + (static / SCRIPT).read_text("utf-8"))
    sizes = ", ".join(f"{name} {(static / name).stat().st_size / 1024:.0f} KiB" for name in (STYLE, SCRIPT))
    logger.info("light pages: %s", sizes)


def _write_script(static: Path) -> None:
    texts = [rjsmin.jsmin(_read(static, name), keep_bang_comments=True) for name in SCRIPTS]
    (static / SCRIPT).write_text("\n;\n".join(texts) + "\n", encoding="utf-8")


def _write_style(app: Sphinx, static: Path, html: str) -> None:
    files = [_only(static, pattern) for pattern in STYLES]
    scripts = "\n".join(_read(static, name) for name in (*SCRIPTS, *SEARCH_SCRIPTS))
    try:
        whole = stylesheet.join(files)
        light = stylesheet.purge(whole, html, scripts)
        icons = stylesheet.icons(light, static / stylesheet.ICONS)
    except ValueError as error:
        raise ExtensionError(f"light_pages.py: {error}") from error
    (static / STYLE).write_text(light + icons + "\n", encoding="utf-8")
    # For the test that compares what readers see with and without the rules that were dropped.
    (Path(app.outdir).parent / "assets" / "whole-book.css").write_text(whole + icons, encoding="utf-8")


def _only(static: Path, pattern: str) -> Path:
    found = list(static.glob(pattern))
    if len(found) != 1:
        raise ExtensionError(
            f"light_pages.py: {len(found)} files of _static match {pattern!r} where one is needed. Compare STYLES and SCRIPTS "
            "with what the pinned theme and extensions load."
        )
    return found[0]


def _read(static: Path, name: str) -> str:
    return _only(static, name).read_text(encoding="utf-8")


def _require_two_files(path: Path, page: str) -> None:
    """Raise an error for a style or script that reached the page past `one_of_each`, through a template of the theme."""
    asked = re.findall(r'<script[^>]*\ssrc="([^"?]*)', page)
    asked += [re.search(r'href="([^"?]*)', tag)[1] for tag in re.findall(r'<link[^>]*rel="stylesheet"[^>]*>', page)]
    asked += re.findall(r'<link[^>]*rel="preload"[^>]*href="([^"?]*)', page)
    expected = {STYLE, SCRIPT, *SEARCH_SCRIPTS, "searchindex.js"}
    if stray := [name for name in asked if name.rsplit("/", 1)[-1] not in expected]:
        raise ExtensionError(
            f"light_pages.py: {path} asks for {stray}. A template of the theme adds it: override its block in "
            "book/templates/layout.html and add the file to STYLES or SCRIPTS."
        )


def prune(static: Path, asking: str) -> None:
    """Delete the files of `_static` whose name stands nowhere in `asking`, and folders that are empty then."""
    kept = {STYLE, SCRIPT, "OFL.txt"}
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.name not in kept and not re.search(rf"(?<![\w.-]){re.escape(path.name)}(?![\w-]|\.\w)", asking):
            path.unlink()
