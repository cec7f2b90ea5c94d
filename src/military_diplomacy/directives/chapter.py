"""What the directives of a chapter share: its `.yml`, errors that say where, HTML with parsed text inside."""

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class ChapterError(ValueError):
    """A chapter, or the file beside it, does not hold what a directive needs."""


def read(path: Path) -> dict:
    """Return the content of the chapter file at `path`.

    Raises:
        ChapterError: the file is missing or is no YAML mapping.
    """
    if not path.is_file():
        raise ChapterError(
            f"{path.name}: the file is missing; a chapter keeps its objectives, questions and terms in it"
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ChapterError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(content, dict):
        raise ChapterError(f"{path.name}: expected keys such as `objectives:`, found {content!r}")
    return content


def entries(path: Path, key: str, needed: tuple[str, ...]) -> list[dict]:
    """Return the list `key` of the chapter file at `path`, each entry with the keys `needed`.

    Raises:
        ChapterError: the list or a key is missing; the message says which.
    """
    found = read(path).get(key)
    if not isinstance(found, list) or not found:
        raise ChapterError(f"{path.name}: expected a list `{key}`, found {found!r}")
    for number, entry in enumerate(found, start=1):
        missing = [name for name in needed if not isinstance(entry, dict) or not entry.get(name)]
        if missing:
            raise ChapterError(f"{path.name}: `{key}`, entry {number}: `{missing[0]}` is missing in {entry!r}")
    return found


class ChapterDirective(SphinxDirective):
    """A directive whose mistakes are reported with file and line. Subclasses give `build`."""

    def run(self) -> list[nodes.Node]:
        try:
            return self.build()
        except (ChapterError, KeyError) as error:
            raise self.error(f"{{{self.name}}}: {error.args[0]}") from error

    def build(self) -> list[nodes.Node]:
        raise NotImplementedError

    @property
    def file(self) -> Path:
        """The `.yml` beside the page; the page is made again when it changes."""
        path = Path(self.env.doc2path(self.env.docname)).with_suffix(".yml")
        self.env.note_dependency(str(path))
        return path

    def inline(self, text: str) -> list[nodes.Node]:
        """Return `text` with its links and citations. An `inline` keeps them together, for they have no paragraph."""
        children, messages = self.state.inline_text(text, self.lineno)
        return [nodes.inline("", "", *children), *messages]

    def body(self) -> list[nodes.Node]:
        """Return the directive's content, parsed."""
        box = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, box)
        return box.children


def raw(html: str) -> nodes.raw:
    """Return HTML as it is to stand in the page."""
    return nodes.raw("", html, format="html")
