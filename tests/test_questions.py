"""A chapter's question file: what an author got wrong is said with file, question and key."""

import pytest

from military_diplomacy.directives.chapter import ChapterError
from military_diplomacy.directives.questions import chosen, read
from tools.notebooks import chapters

RIGHT = """
objectives:
  - {id: K1, text: Tell.}
questions:
  - id: one
    objective: K1
    ask: Which?
    options:
      - {text: This, feedback: So., right: true}
      - {text: That, feedback: "No, see [there](label).", misconception: All are alike.}
  - id: two
    objective: K1
    kind: order
    ask: In which order?
    items: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]
    shown: [c, a, b]
    right: So.
    mistakes: [{before: c, after: a, misconception: M, feedback: "See [there](label)."}]
    otherwise: {misconception: M, feedback: "See [there](label)."}
  - id: three
    objective: K1
    kind: estimate
    ask: How many?
    unit: missiles
    step: 1
    truth: 5
    widest: 4
    right: Five.
    below: {misconception: M, feedback: "See [there](label)."}
    above: {misconception: M, feedback: "See [there](label)."}
    wide: {misconception: M, feedback: "See [there](label)."}
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("questions:", "asked:"), "expected a list `questions`"),
        (("    ask: Which?\n", ""), "`questions`, entry 1: `ask` is missing"),
        (("objective: K1\n    ask: Which?", "objective: K9\n    ask: Which?"), "question one: expected an `objective` of"),
        (("kind: order", "kind: essay"), "question two: expected a kind of choice, order, estimate, found 'essay'"),
        ((", right: true", ', misconception: M'), "question one: no option is right"),
        (("feedback: So., ", ""), "question one: an option lacks `feedback`"),
        ((", misconception: All are alike.", ""), "the wrong option 'That' names no `misconception`"),
        (("No, see [there](label).", "No, see there."), "the wrong option 'That': its feedback leads nowhere"),
        ((", {id: c, text: C}]", "]"), "question two: expected three or more `items`"),
        (("shown: [c, a, b]", "shown: [a, b, c]"), "question two: `shown` must hold the ids"),
        (("shown: [c, a, b]", "shown: [c, a]"), "question two: `shown` must hold the ids"),
        (("before: c, after: a", "before: a, after: c"), "question two: a mistake sets `before` ahead of `after`"),
        (("    otherwise: {", "    other: {"), "question two: `otherwise`, for every other wrong order, names no"),
        (("truth: 5", "truth: five"), "question three: `truth` must be a number, found 'five'"),
        (("    unit: missiles\n", ""), "question three: `unit` is missing"),
        (("    wide: {", "    wider: {"), "question three: `wide` names no `misconception`"),
        (("id: two", "id: one"), "['one'] stands more than once"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(tmp_path, change, words):
    path = tmp_path / "chapter.yml"
    assert change[0] in RIGHT
    path.write_text(RIGHT.replace(*change), encoding="utf-8")
    with pytest.raises(ChapterError, match="chapter.yml") as error:
        read(path)
    assert words in str(error.value)


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(ChapterError, match=r"chapter.yml: the file is missing"):
        read(tmp_path / "chapter.yml")
    (tmp_path / "chapter.yml").write_text("questions: [", encoding="utf-8")
    with pytest.raises(ChapterError, match=r"chapter.yml: not readable as YAML"):
        read(tmp_path / "chapter.yml")


def test_a_question_set_elsewhere_on_the_page_is_not_set_again(tmp_path):
    path = tmp_path / "chapter.yml"
    path.write_text(RIGHT, encoding="utf-8")
    asked = read(path)
    page = "```{questions} two\n```\n\n```{questions}\n```\n"
    assert [question["id"] for question in chosen(asked, "two", page, "chapter.yml")] == ["two"]
    assert [question["id"] for question in chosen(asked, "", page, "chapter.yml")] == ["one", "three"]
    with pytest.raises(ChapterError, match=r"no question \['four'\]; there are: one, two, three"):
        chosen(asked, "four", page, "chapter.yml")


def test_every_chapter_has_at_least_four_questions_for_its_objectives():
    for chapter in chapters():
        asked = read(chapter.with_suffix(".yml"))
        assert len(asked) >= 4, chapter
        assert {question["kind"] for question in asked} == {"choice", "order", "estimate"}, chapter
