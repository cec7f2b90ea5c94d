"""The base of every widget of the course: same class in the static page, in JupyterLab and on Binder."""

import os
from html import escape
from pathlib import Path

import anywidget
import traitlets
from IPython.display import HTML, display

BUILDING_BOOK = "MILITARY_DIPLOMACY_BOOK"  # set by the book's Sphinx extension; kernels inherit it
_FOLDER = Path(__file__).parent


def module(stem: str) -> str:
    """Return the JavaScript of widget `stem`: the shared frame, then the widget's own file."""
    return "\n".join(_read(name) for name in ("frame.js", f"{stem}.js"))


def styles(stem: str) -> str:
    """Return the CSS of widget `stem`: tokens, the shared frame, then the widget's own file."""
    return "\n".join(_read(name) for name in ("tokens.css", "frame.css", f"{stem}.css"))


def tokens_css() -> str:
    """Return the design tokens as CSS: what pages and charts share with the widgets."""
    return _read("tokens.css")


def page_css() -> str:
    """Return the CSS of all widgets for the book's stylesheet, which has the tokens already."""
    own = sorted(path.name for path in _FOLDER.glob("*.css") if path.name not in ("tokens.css", "frame.css"))
    return "\n".join(_read(name) for name in ("frame.css", *own))


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


class CourseWidget(anywidget.AnyWidget):
    """A widget with a heading, an invitation, and a table that stands in its place where it cannot run.

    Attributes:
        title: heading above the widget.
        prompt: what the reader is asked to try, one or two sentences.
        caption: what is shown, from where, as of when.
        predict: what the reader predicts before the widget opens, or empty: `ask`, `options`, `right` (index of the option that
            holds) and `because` (what is seen, and why).
    """

    title = traitlets.Unicode().tag(sync=True)
    prompt = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    predict = traitlets.Dict().tag(sync=True)

    @traitlets.validate("predict")
    def _complete(self, proposal):
        predict, keys = proposal["value"], {"ask", "options", "right", "because"}
        if predict and set(predict) != keys:
            raise traitlets.TraitError(f"predict: expected the keys {sorted(keys)}, found {sorted(predict)}")
        if predict and predict["right"] not in range(len(predict["options"])):
            raise traitlets.TraitError(
                f"predict: expected `right` as the index of the option that holds, from 0 to {len(predict['options']) - 1}, "
                f"found {predict['right']!r}"
            )
        return predict

    def alternative(self) -> str:
        """Return the widget's content as an HTML table, for readers without JavaScript and for print."""
        raise NotImplementedError(f"{type(self).__name__} must say what stands in its place without JavaScript")

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        if os.environ.get(BUILDING_BOOK):
            # The page's loader puts the widget before this element and closes it; without the loader it stays open.
            display(
                HTML(
                    f'<details class="md-alternative" data-model="{self.model_id}" open>'
                    f"<summary>As a table: {escape(self.title)}</summary>"
                    f'<div class="md-scroll" tabindex="0" role="region" aria-label="{escape(self.title)}, table">'
                    f"{self.alternative()}</div></details>"
                )
            )
        return bundle
