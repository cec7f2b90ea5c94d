"""`{questions}`: a chapter's question set, from the `.yml` beside it, as plain HTML forms that `questions.js` checks.

`{questions} one two` sets the named questions where they stand; without names the rest. Kinds: `choice` (one right option
is a choice of one, several are a choice of all that apply), `order` (things in order of time), `estimate` (a range that the
reader would bet on). What a wrong answer betrays, its `misconception`, is named in the feedback, and leads to a paragraph
of the same page. Without JavaScript, and on paper, the answer is given by styles alone, from the feedback that is there anyway.
"""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .chapter import ChapterDirective, ChapterError, entries, raw

PLACED = re.compile(r"^ *(?:`{3,}|:{3,})\{questions\} +(\S.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([\w-]+)\)")

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.add_directive("questions", Questions)
    app.connect("env-check-consistency", require_labels)


def require_labels(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of a link in a chapter's file whose label is not on the chapter's page, where the reader would lose the question."""
    labels = env.get_domain("std").anonlabels
    for docname in sorted(env.found_docs):
        path = Path(env.doc2path(docname)).with_suffix(".yml")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else [], start=1):
            for label in LINK.findall(line):
                if labels.get(label, ("",))[0] != docname:
                    logger.warning(
                        "the link to %r leads to no label of this chapter; set `(%s)=` before the paragraph, or correct the link",
                        label,
                        label,
                        location=f"{path}:{number}",
                    )


def read(path: Path) -> list[dict]:
    """Return the questions of the chapter file at `path`, each with its `kind`.

    Raises:
        ChapterError: the file or a part of a question is missing; the message says which.
    """
    questions = entries(path, "questions", ("id", "ask"))
    objectives = objectives_of(path)
    for question in questions:
        where = f"{path.name}, question {question['id']}"
        kind = question.setdefault("kind", "choice")
        if kind not in CHECKS:
            raise ChapterError(f"{where}: expected a kind of {', '.join(CHECKS)}, found {kind!r}")
        if question.get("objective") not in objectives:
            raise ChapterError(
                f"{where}: expected an `objective` of {sorted(objectives)}, found {question.get('objective')!r}"
            )
        CHECKS[kind](question, where)
    ids = [question["id"] for question in questions]
    if repeated := {name for name in ids if ids.count(name) > 1}:
        raise ChapterError(f"{path.name}: `questions`: {sorted(repeated)} stands more than once; give each its own id")
    return questions


def objectives_of(path: Path) -> dict[str, str]:
    """Return the texts of the chapter's objectives by their ids.

    Raises:
        ChapterError: the file has none.
    """
    return {item["id"]: item["text"] for item in entries(path, "objectives", ("id", "text"))}


def chosen(questions: list[dict], names: str, page: str, where: str) -> list[dict]:
    """Return the questions that a directive sets: those of `names`, or those that no directive of `page` names.

    Raises:
        ChapterError: there is no such question.
    """
    known = {question["id"]: question for question in questions}
    if names:
        if strange := [name for name in names.split() if name not in known]:
            raise ChapterError(f"{where}: no question {strange}; there are: {', '.join(known)}")
        return [known[name] for name in names.split()]
    elsewhere = {name for found in PLACED.findall(page) for name in found.split()}
    return [question for question in questions if question["id"] not in elsewhere]


def _choice(question: dict, where: str) -> None:
    options = question.get("options")
    if not options:
        raise ChapterError(f"{where}: `options` is missing")
    if not any(option.get("right") for option in options):
        raise ChapterError(f"{where}: no option is right; mark one or more with `right: true`")
    for option in options:
        for key in ("text", "feedback"):
            if not option.get(key):
                raise ChapterError(f"{where}: an option lacks `{key}`: {option}")
        if not option.get("right"):
            _wrong(option, where, f"the wrong option {option['text']!r}")


def _order(question: dict, where: str) -> None:
    ids = [item.get("id") for item in question.get("items") or []]
    if len(ids) < 3 or not all(item.get("text") for item in question["items"]):
        raise ChapterError(f"{where}: expected three or more `items`, each with `id` and `text`, in their right order")
    if sorted(question.get("shown") or []) != sorted(ids) or question["shown"] == ids:
        raise ChapterError(f"{where}: `shown` must hold the ids {ids} in another order, found {question.get('shown')}")
    if not question.get("right"):
        raise ChapterError(f"{where}: `right`, a sentence for the right order, is missing")
    for mistake in question.get("mistakes") or []:
        before, after = mistake.get("before"), mistake.get("after")
        if before not in ids or after not in ids or ids.index(before) < ids.index(after):
            raise ChapterError(
                f"{where}: a mistake sets `before` ahead of `after` although it belongs behind it: {mistake}"
            )
        _wrong(mistake, where, f"the mistake {before!r} before {after!r}")
    _wrong(question.get("otherwise") or {}, where, "`otherwise`, for every other wrong order,")


def _estimate(question: dict, where: str) -> None:
    for key in ("truth", "widest", "step"):
        if not isinstance(question.get(key), int | float):
            raise ChapterError(f"{where}: `{key}` must be a number, found {question.get(key)!r}")
    for key in ("unit", "right"):
        if not question.get(key):
            raise ChapterError(f"{where}: `{key}` is missing")
    for key in ("below", "above", "wide"):
        _wrong(question.get(key) or {}, where, f"`{key}`")


def _wrong(part: dict, where: str, what: str) -> None:
    for key in ("misconception", "feedback"):
        if not part.get(key):
            raise ChapterError(f"{where}: {what} names no `{key}`")
    if not LINK.search(part["feedback"]):
        raise ChapterError(
            f"{where}: {what}: its feedback leads nowhere; link the paragraph that repairs it: [words](label)"
        )


CHECKS: dict[str, Callable[[dict, str], None]] = {"choice": _choice, "order": _order, "estimate": _estimate}


class Questions(ChapterDirective):
    """The question set of this chapter, or part of it, as one form a question."""

    optional_arguments = 1
    final_argument_whitespace = True

    def build(self) -> list[nodes.Node]:
        page = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        objectives = objectives_of(self.file)
        wanted = self.arguments[0] if self.arguments else ""
        result = [raw('<div class="md-questions">')]
        for question in chosen(read(self.file), wanted, page, self.file.name):
            result += self.form(question, objectives[question["objective"]])
        return [*result, raw("</div>")]

    def form(self, question: dict, objective: str) -> list[nodes.Node]:
        name = f"q-{question['id']}"
        hint = " Choose all that apply." if question["kind"] == "choice" and _several(question) else ""
        buttons = (
            '<button type="submit">Check</button><button type="reset">Start again</button><span role="status"></span>'
        )
        return [
            raw(
                f'<form class="md-ask" novalidate id="{escape(name)}" data-kind="{question["kind"]}" data-page="{escape(self.env.docname)}">'
                f'<p class="md-tests">{escape(question["objective"])}: {escape(objective)}</p><fieldset><legend>'
            ),
            *self.inline(question["ask"] + hint),
            raw("</legend>"),
            *getattr(self, question["kind"])(question, name),
            raw(f'</fieldset><div class="md-row">{buttons}</div>{_key(question)}</form>'),
        ]

    def choice(self, question: dict, name: str) -> list[nodes.Node]:
        form, kind = [], "checkbox" if _several(question) else "radio"
        for number, option in enumerate(question["options"]):
            note = f"{name}-{number}"
            form += [
                raw(
                    f'<label class="md-option"><input type="{kind}" name="{name}" value="{number}" '
                    f'aria-details="{note}"><span>'
                ),
                *self.inline(option["text"]),
                raw("</span></label>"),
                *self.feedback(option, option.get("right"), f'id="{note}"'),
            ]
        return form

    def order(self, question: dict, _name: str) -> list[nodes.Node]:
        texts = {item["id"]: item["text"] for item in question["items"]}
        items = "".join(
            f'<li data-id="{escape(key)}"><span>{escape(texts[key])}</span>'
            + "".join(
                f'<button type="button" data-by="{by}" aria-label="{word}: {escape(texts[key])}">{sign}</button>'
                for by, word, sign in ((-1, "Earlier", "↑"), (1, "Later", "↓"))
            )
            + "</li>"
            for key in question["shown"]
        )
        form = [raw(f'<ol class="md-order" data-order="{escape(" ".join(texts))}">{items}</ol>')]
        form += self.feedback({"feedback": question["right"]}, True, "")
        for mistake in question.get("mistakes") or []:
            form += self.feedback(mistake, False, f'data-before="{mistake["before"]}" data-after="{mistake["after"]}"')
        return [*form, *self.feedback(question["otherwise"], False, "data-otherwise")]

    def estimate(self, question: dict, _name: str) -> list[nodes.Node]:
        step, unit = question["step"], escape(question["unit"])
        ends = "".join(
            f'<label>{word} <input type="number" inputmode="decimal" step="{step}" data-end="{end}"></label>'
            for end, word in (("low", "From"), ("high", "to"))
        )
        form = [
            raw(
                f'<p class="md-range" data-truth="{question["truth"]}" data-widest="{question["widest"]}">{ends} {unit}</p>'
            )
        ]
        form += self.feedback({"feedback": question["right"]}, True, 'data-when="right"')
        for when in ("below", "above", "wide"):
            form += self.feedback(question[when], False, f'data-when="{when}"')
        return form

    def feedback(self, part: dict, right: bool | None, attributes: str) -> list[nodes.Node]:
        verdict = "**Yes.** " if right else "**Not this.** "
        idea = "" if right else f" *The idea behind it: {part['misconception']}*"
        return [
            raw(f'<div class="md-feedback"{" data-right" if right else ""} {attributes} hidden><p>'),
            *self.inline(verdict + part["feedback"] + idea),
            raw("</p></div>"),
        ]


def _key(question: dict) -> str:
    """Return what shows the answer where no script checks one: while it is open, styles show the notes above it."""
    steps = "; ".join(escape(item["text"].rstrip(".")) for item in question.get("items", []))
    where = f"In order: {steps}." if steps else "It stands above, marked “Yes”."
    return f'<details class="md-key"><summary>Show the answer</summary><p>{where}</p></details>'


def _several(question: dict) -> bool:
    return sum(bool(option.get("right")) for option in question["options"]) > 1
