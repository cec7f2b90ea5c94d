"""Styles, fonts and scripts that the build makes: design tokens, the course's fonts, the list of chapters, Vega's runtime."""

import json
import os
from pathlib import Path

from sphinx.application import Sphinx

from ..widgets.course_widget import BUILDING_BOOK, page_css, tokens_css
from . import contents, fonts

STYLES = ("fonts.css", "tokens.css", "page.css", "course.css", "widgets.css")
SCRIPTS = ("page.js", "loader.js", "questions.js", "peek.js", "chapters.js", "progress.js")


def setup(app: Sphinx) -> None:
    os.environ[BUILDING_BOOK] = "1"  # the kernels that run the chapters inherit it
    app.connect("builder-inited", make_assets)
    for name in STYLES:
        app.add_css_file(name)
    for name in SCRIPTS:
        app.add_js_file(name, defer="defer")


def make_assets(app: Sphinx) -> None:
    """Write the made assets beside the build and add their folder to the static paths."""
    import vl_convert

    folder = Path(app.outdir).parent / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    fonts.make(folder)
    (folder / "tokens.css").write_text(tokens_css(), encoding="utf-8")
    (folder / "widgets.css").write_text(page_css(), encoding="utf-8")
    root = Path(app.srcdir)
    pages = [f"{file.relative_to(root).as_posix()}.html" for part in contents.files(root).values() for file in part]
    (folder / "chapters.js").write_text(f"window.mdChapters = {json.dumps(pages)};\n", encoding="utf-8")
    # Pages hold compiled specifications, so Vega alone is enough: a third less than with Vega-Lite and vega-embed. The
    # bundle declares names at its top level; the function keeps them from the page's other scripts.
    # vl-convert carries Vega's modules under the address that it took them from; nothing is fetched.
    vega = f"https://cdn.jsdelivr.net/npm/vega@{vl_convert.get_vega_version()}/+esm.js"
    bundle = vl_convert.javascript_bundle(f"import * as runtime from {vega!r}; window.vega = runtime;")
    (folder / "vega.js").write_text(f"(()=>{{{bundle}\n}})();\n", encoding="utf-8")
    app.config.html_static_path.append(str(folder))
