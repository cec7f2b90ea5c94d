"""`{questions}`: the chapter's question set, read from the `.yml` beside the chapter.

The file's `questions` is a list. Each has `id`, `ask` and `options`; each option has `text`, `feedback`, and either
`right: true` or the `misconception` that it gives away. One right option makes a choice, several make a tick-all. Texts are
Markdown with the book's roles, so that feedback can lead to the paragraph that repairs it.
"""

from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class QuestionError(ValueError):
    """A chapter's question file does not hold what a question needs."""


def setup(app: Sphinx) -> None:
    app.add_directive("questions", Questions)


def read(path: Path) -> list[dict]:
    """Return the questions of the chapter file at `path`.

    Raises:
        QuestionError: the file or a part of a question is missing; the message says which.
    """
    if not path.is_file():
        raise QuestionError(f"{path.name}: the file is missing; a chapter with questions keeps them in it")
    questions = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("questions")
    if not questions:
        raise QuestionError(f"{path.name}: expected a list `questions`, found none")
    for number, question in enumerate(questions, start=1):
        where = f"{path.name}, question {question.get('id', number)}"
        for key in ("id", "ask", "options"):
            if not question.get(key):
                raise QuestionError(f"{where}: `{key}` is missing")
        if not any(option.get("right") for option in question["options"]):
            raise QuestionError(f"{where}: no option is right; mark one or more with `right: true`")
        for option in question["options"]:
            for key in ("text", "feedback"):
                if not option.get(key):
                    raise QuestionError(f"{where}: an option lacks `{key}`: {option}")
            if not option.get("right") and not option.get("misconception"):
                raise QuestionError(f"{where}: the wrong option {option['text']!r} names no `misconception`")
    return questions


class Questions(SphinxDirective):
    """The question set of this chapter as one form a question."""

    def run(self) -> list[nodes.Node]:
        source = Path(self.env.doc2path(self.env.docname)).with_suffix(".yml")
        self.env.note_dependency(str(source))
        try:
            questions = read(source)
        except (QuestionError, yaml.YAMLError) as error:
            raise self.error(str(error)) from error
        result = [_raw('<div class="md-questions">')]
        for question in questions:
            result += self._form(question)
        return [*result, _raw("</div>")]

    def _form(self, question: dict) -> list[nodes.Node]:
        several = sum(bool(option.get("right")) for option in question["options"]) > 1
        kind, hint = ("checkbox", " Choose all that apply.") if several else ("radio", "")
        name = f"q-{question['id']}"
        form = [
            _raw(f'<form class="md-ask" id="{escape(name)}" data-page="{escape(self.env.docname)}"><fieldset><legend>'),
            *self._inline(question["ask"] + hint),
            _raw("</legend>"),
        ]
        for number, option in enumerate(question["options"]):
            note = f"{name}-{number}"
            right = " data-right" if option.get("right") else ""
            form += [
                _raw(
                    f'<label class="md-option"><input type="{kind}" name="{name}" value="{number}" '
                    f'aria-details="{note}"><span>'
                ),
                *self._inline(option["text"]),
                _raw(f'</span></label><div class="md-feedback" id="{note}"{right} hidden><p>'),
                *self._inline(("**Yes.** " if option.get("right") else "**Not this.** ") + option["feedback"]),
                _raw("</p></div>"),
            ]
        buttons = (
            '<button type="submit">Check</button><button type="reset">Start again</button><span role="status"></span>'
        )
        return [*form, _raw(f'</fieldset><div class="md-row">{buttons}</div></form>')]

    def _inline(self, text: str) -> list[nodes.Node]:
        children, messages = self.state.inline_text(text, self.lineno)
        # Paragraph-less inline nodes are what references resolve in; an `inline` keeps them together.
        return [nodes.inline("", "", *children), *messages]


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")
