"""Admonitions of class `dropdown` fold: a `details` of HTML, which opens by mouse and keyboard without a script.

Add the class `toggle-shown` for one that stands open. What has no admonition's frame folds with sphinx-design's `dropdown`.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform


class fold(nodes.Element):  # docutils names nodes in lower case
    """An admonition that folds; its first child is its title."""


class fold_title(nodes.Element):
    """What stands when the admonition is folded."""


class FoldAdmonitions(SphinxPostTransform):
    """Put a `fold` in the place of each admonition of class `dropdown`."""

    default_priority = 200
    formats = ("html",)

    def run(self, **_) -> None:
        for node in list(self.document.findall(nodes.Admonition)):
            if "dropdown" not in node["classes"]:
                continue
            kind = [] if isinstance(node, nodes.admonition) else [node.tagname]
            title = (
                node.pop(0).children
                if isinstance(node[0], nodes.title)
                else [nodes.Text(admonitionlabels[node.tagname])]
            )
            heading = fold_title("", *title, classes=["admonition-title"])
            node.replace_self(
                fold("", heading, *node.children, ids=node["ids"], classes=["admonition", *kind, *node["classes"]])
            )


def setup(app: Sphinx) -> None:
    app.add_node(fold, html=(_open, lambda writer, _: writer.body.append("</details>\n")))
    app.add_node(fold_title, html=(_open_title, lambda writer, _: writer.body.append("</summary>\n")))
    app.add_post_transform(FoldAdmonitions)


def _open(writer, node: fold) -> None:
    writer.body.append(
        writer.starttag(node, "details", **({"open": "open"} if "toggle-shown" in node["classes"] else {}))
    )


def _open_title(writer, node: fold_title) -> None:
    writer.body.append(writer.starttag(node, "summary", ""))
