"""The button that opens a page on Binder: in the learners' repository, which holds the bundle and no answers."""

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


def binder(repository: str, path: str) -> str:
    """Return the address that opens `path` of the learners' repository (owner/name) in JupyterLab on Binder."""
    return f"https://mybinder.org/v2/gh/{repository}/HEAD?urlpath={quote(f'lab/tree/{path}', safe='')}"


def notebook_of(page: str) -> str:
    """Return where the bundle holds a chapter: `book/cases/korea` is `chapters/cases/korea.ipynb`."""
    return f"chapters/{page.removeprefix('book/')}.ipynb"


def add_button(app: Sphinx, page: str, _template: str, context: dict, _doctree) -> None:
    """Add a Binder link to pages that the bundle holds as notebooks, and to the front page one to the bundle's README."""
    repository = app.config.course.get("learners_repository")
    notebook = bool(app.env.metadata.get(page, {}).get("kernelspec"))  # what myst-nb read as one
    if not repository or not (notebook or page == app.config.root_doc):
        return
    context["header_buttons"].append(
        {
            "type": "link",
            "text": "Binder",
            "url": binder(repository, notebook_of(page) if notebook else "README.md"),
            "tooltip": f"Open {'this chapter' if notebook else 'the course'} on Binder, where its code runs",
            "icon": "fas fa-rocket",
            "label": "launch-binder",
        }
    )
