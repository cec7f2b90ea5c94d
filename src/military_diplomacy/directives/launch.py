"""The button that opens a chapter on Binder: in the learners' repository, which holds the bundle and no answers."""

from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", tell_when_off)
    app.connect("html-page-context", add_button, priority=600)  # after the theme has made its list of buttons


def tell_when_off(app: Sphinx) -> None:
    if not app.config.course.get("learners_repository"):
        logger.info(
            "launch buttons left out: set sphinx.config.course.learners_repository in _config.yml to owner/name "
            "of the public repository that receives _build/learner"
        )


def add_button(app: Sphinx, page: str, _template: str, context: dict, _doctree) -> None:
    """Add a Binder link to pages that the bundle holds as notebooks."""
    repository = app.config.course.get("learners_repository")
    if not repository or not context.get("kernel_name") and not is_notebook(app, page):
        return
    notebook = quote(f"lab/tree/{page.removeprefix('book/')}.ipynb", safe="")
    context["header_buttons"].append(
        {
            "type": "link",
            "text": "Binder",
            "url": f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath={notebook}",
            "tooltip": "Open this chapter on Binder, where its code runs",
            "icon": "fas fa-rocket",
            "label": "launch-binder",
        }
    )


def is_notebook(app: Sphinx, page: str) -> bool:
    """Tell whether myst-nb read `page` as a notebook."""
    return bool(app.env.metadata.get(page, {}).get("kernelspec"))
