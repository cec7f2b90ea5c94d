"""The checks that learners run: every reasonable form of a right answer passes, a wrong one is told why."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from military_diplomacy import checks

RIGHT_COUNTS = [
    {"test": 1, "talks": 2},
    {"talks": 2, "test": 1, "incident": 0},
    {"talks": 2.0, "test": np.int64(1)},
    Counter(["talks", "test", "talks"]),
    pd.Series({"test": 1, "talks": 2}),
    pd.Series({"test": 1.0, "talks": 2.0, "agreement": 0.0}),
    pd.Series(["talks", "talks", "test"]).value_counts(),
    pd.DataFrame({"kind": ["talks", "test", "talks"]}).groupby("kind").size(),
    pd.DataFrame({"kind": ["talks", "test", "talks"]}).groupby("kind").size().reset_index(),
    pd.DataFrame({"kind": ["talks", "test", "talks"]}).value_counts(),
    pd.Series(["talks", "talks", "test"]).value_counts().to_frame(),
]


@pytest.mark.parametrize("found", RIGHT_COUNTS, ids=range(len(RIGHT_COUNTS)))
def test_counts_in_any_form_and_order_pass(found):
    checks.counts(found, {"talks": 2, "test": 1}, "f()")


@pytest.mark.parametrize(
    "found", [{}, pd.Series(dtype=int), pd.DataFrame(), pd.DataFrame({"kind": [], "n": []})], ids=range(4)
)
def test_no_events_are_no_counts_in_any_form(found):
    checks.counts(found, {}, "f()")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "return"),
        (3, "a dictionary or a Series"),
        (["talks", 2], "a dictionary or a Series"),
        ({"talks": "2", "test": 1}, "whole numbers"),
        ({"talks": 1.5, "test": 1}, "whole numbers"),
        ({"talks": float("nan"), "test": 1}, "whole numbers"),
        ({"talks": True, "test": 1}, "whole numbers"),
        ({"talks": 1, "test": 1}, "should count 2 × 'talks', found 1"),
        ({"talks": 2, "test": 1, "agreement": 4}, "should count 0 × 'agreement', found 4"),
        ({}, "should count 2 × 'talks', found 0"),
        (pd.Series({("2018", "talks"): 2, ("2018", "test"): 1}), "Count by the kind alone"),
        (pd.Series(["talks", "talks", "test"]).value_counts(normalize=True), "shares that add up to 1"),
        (pd.DataFrame({"kind": ["talks"], "id": [1], "date": [2]}), "a table of 3 columns"),
    ],
)
def test_wrong_counts_are_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.counts(found, {"talks": 2, "test": 1}, "f()")


@pytest.mark.parametrize(
    "found",
    [250, 250.0, np.int64(250), np.float64(250), Fraction(250), pd.Series([250]), np.array([250]), np.array(250)],
)
def test_a_whole_number_in_any_form_passes(found):
    checks.whole_number(found, 250, "f()")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "return"),
        ("250", "the text '250'"),
        (pd.Timedelta(days=250), r"\.days"),
        (np.timedelta64(250, "D"), r"pd\.Timedelta"),
        (pd.Series([pd.Timedelta(days=250)]), r"pd\.Timedelta|\.days"),
        (250.5, "one whole number"),
        (True, "one whole number"),
        (pd.Series([250, 250]), "one whole number"),
        (9, "counted from event D"),
        (251, "should be 250, found 251"),
    ],
)
def test_a_wrong_number_is_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.whole_number(found, 250, "f()", known_wrong={9: "You counted from event D."})


@pytest.mark.parametrize("found", [None, float("nan"), np.nan, pd.NaT, pd.NA])
def test_nothing_in_any_form_passes(found):
    checks.nothing(found, "f()")


def test_something_where_nothing_was_asked_for_is_named():
    with pytest.raises(checks.CheckError, match="should be None, found 0"):
        checks.nothing(0, "f()")


def test_a_function_that_is_unwritten_fails_or_is_gone_is_told_apart():
    def unwritten():
        raise NotImplementedError

    def failing():
        return {}["year"]

    with pytest.raises(checks.CheckError, match="unwritten is not written yet"):
        checks.call(unwritten)
    with pytest.raises(checks.CheckError, match="failing stopped with KeyError: 'year' in the line `return"):
        checks.call(failing)
    with pytest.raises(checks.CheckError, match="expected a function here, found 3"):
        checks.call(3)


def test_jupyter_shows_the_sentence_alone():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell._showtraceback = lambda _type, _value, lines: shown.extend(lines)
    shell.run_cell("from military_diplomacy import checks\nchecks.whole_number(1, 2, 'f()')")
    assert shown == ["Not yet: f() should be 2, found 1."]
    InteractiveShell.clear_instance()
