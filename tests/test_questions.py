"""A chapter's question file: what an author got wrong is said with file, question and key."""

import pytest

from military_diplomacy.directives.questions import QuestionError, read
from tools.notebooks import chapters

RIGHT = """
questions:
  - id: one
    ask: Which?
    options:
      - {text: This, feedback: So., right: true}
      - {text: That, feedback: No., misconception: All are alike.}
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("questions:", "asked:"), "expected a list `questions`"),
        (("    ask: Which?\n", ""), "question one: `ask` is missing"),
        ((", right: true", ", misconception: M"), "no option is right"),
        (("feedback: So., ", ""), "an option lacks `feedback`"),
        ((", misconception: All are alike.", ""), "the wrong option 'That' names no `misconception`"),
    ],
)
def test_what_is_missing_is_named(tmp_path, change, words):
    path = tmp_path / "chapter.yml"
    path.write_text(RIGHT.replace(*change), encoding="utf-8")
    with pytest.raises(QuestionError, match="chapter.yml") as error:
        read(path)
    assert words in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(QuestionError, match=r"chapter.yml: the file is missing"):
        read(tmp_path / "chapter.yml")


def test_every_wrong_option_leads_somewhere():
    for chapter in chapters():
        for question in read(chapter.with_suffix(".yml")):
            for option in question["options"]:
                assert len(option["feedback"].split()) >= 5, option
                if not option.get("right"):
                    assert "](" in option["feedback"], f"{option['text']!r} leads to no paragraph"
