"""What the book's pages are made with: a Sphinx extension. Name it in `_config.yml`."""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from . import (
    claim,
    contents,
    debate,
    folds,
    graded_work,
    launch,
    light_pages,
    objectives,
    page_assets,
    questions,
    reference_style,
    terms,
    worked,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the course's settings, assets and directives."""
    app.add_config_value("course", {}, "html", [dict])
    of_chapters = (objectives, claim, debate, worked, questions, graded_work, terms, contents)
    for part in (page_assets, folds, launch, *of_chapters, reference_style, light_pages):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
