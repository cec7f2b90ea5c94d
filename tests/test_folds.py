"""An admonition that folds, as an author writes it and as the page holds it."""

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

SOURCE = """
# Page

:::{admonition} Model answer
:class: dropdown
Folded away.
:::

:::{note}
:class: dropdown toggle-shown
Open at first.
:::

:::{note}
Never folds.
:::
"""


def test_an_admonition_of_class_dropdown_folds(tmp_path):
    (tmp_path / "index.md").write_text(SOURCE, encoding="utf-8")
    settings = {
        "extensions": ["myst_parser", "military_diplomacy.directives.folds"],
        "myst_enable_extensions": ["colon_fence"],
    }
    with docutils_namespace():  # another test may have built a book in this process
        app = Sphinx(
            tmp_path, None, tmp_path / "out", tmp_path / "trees", "html", settings, status=None, warningiserror=True
        )
        app.build()
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert (
        '<details class="admonition dropdown">\n<summary class="admonition-title">Model answer</summary>\n<p>Folded'
        in page
    )
    assert (
        '<details class="admonition note dropdown toggle-shown" open="open">\n<summary class="admonition-title">Note</summary>'
        in page
    )
    assert '<div class="admonition note">' in page
