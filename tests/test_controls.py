"""Answering an item with controls: saved beside the notebook, shown again, read without them when it is graded."""

import json

import pytest

from military_diplomacy import answers
from military_diplomacy.checks import CheckError

FILE = "case-answers.json"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def form(options=("signed", "suspended")):
    return answers.Form(
        FILE,
        "acts",
        {
            "act": answers.one_of("What kind of act?", {name: f"it was {name}" for name in options}),
            "why": answers.some_of("Why?", {"a": "one reason", "b": "another"}),
            "belief": answers.number("Belief"),
        },
    )


def choose(shown, **values):
    for question, value in values.items():
        shown.questions[question].value = value


def test_choices_are_saved_at_once_and_shown_when_the_notebook_is_opened_again(folder):
    shown = form()
    assert list(folder.iterdir()) == [], "nothing is written before a choice"
    choose(shown, act="signed")
    assert "1 of 3 answers saved in case-answers.json" in shown.said.value
    assert json.loads((folder / FILE).read_text()) == {"acts": {"act": "signed", "why": None, "belief": None}}
    opened = form()
    assert [opened.questions[name].value for name in ("act", "why", "belief")] == ["signed", (), ""]
    assert "1 of 3 answers saved" in opened.said.value
    choose(shown, why=("b",), belief="0,53")
    opened = form()
    assert [opened.questions[name].value for name in ("act", "why", "belief")] == ["signed", ("b",), "0.53"]
    assert "3 of 3 answers saved" in opened.said.value
    assert json.loads((folder / FILE).read_text()) == {"acts": {"act": "signed", "why": ["b"], "belief": 0.53}}


def test_two_items_share_a_file():
    choose(form(), act="signed")
    other = answers.Form(FILE, "other", {"n": answers.number("N")})
    choose(other, n="3")
    assert answers.read(FILE, "acts", "act") == "signed"
    assert answers.read(FILE, "other", "n") == 3


def test_a_choice_that_is_taken_back_is_no_answer():
    shown = form()
    choose(shown, act="signed", why=("a", "b"), belief="0.5")
    choose(shown, act=None, why=(), belief="about a half")
    assert "In “Belief” write one number and nothing else" in shown.said.value
    for question in ("act", "why", "belief"):
        with pytest.raises(CheckError, match=f"“{question}” of the item “acts” is not answered yet"):
            answers.read(FILE, "acts", question)


def test_an_option_that_is_no_longer_offered_is_left_open():
    choose(form(), act="signed")
    opened = form(options=("suspended",))
    assert opened.questions["act"].value == "", "choose …"


def test_where_nothing_was_saved_the_learner_is_told_what_to_do():
    with pytest.raises(CheckError, match="Run the cell with the item's controls and choose there"):
        answers.read(FILE, "acts", "act")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"acts": {"act": "sig', "cannot be read"),
        ("\x00\xff", "cannot be read"),
        ("[" * 5000, "cannot be read"),
        ("[]", "should hold items"),
        ('{"acts": ["signed"]}', "should hold items"),
        ('{"acts": {"act": {"a": 1}}}', "texts, numbers and lists"),
        ('{"acts": {"act": true}}', "texts, numbers and lists"),
        ('{"acts": {"act": [["a"]]}}', "texts, numbers and lists"),
        (" " * 100_001, "larger than 100,000 bytes"),
    ],
)
def test_a_file_that_is_no_file_of_answers_is_said_to_be_so_and_not_overwritten(folder, text, words):
    (folder / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(CheckError, match=words):
        answers.read(FILE, "acts", "act")
    with pytest.raises(CheckError, match="Rename or delete it"):
        form()
    assert (folder / FILE).read_text(encoding="latin-1") == text
