"""The checks that learners run: every reasonable form of a right answer passes, a wrong one is told why."""

import datetime
import sys
import warnings
from collections import Counter
from decimal import Decimal
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
    pd.DataFrame([[2, 1, 0]], columns=["talks", "test", "incident"]),
    [("talks", 2), ("test", np.int64(1))],
]


@pytest.mark.parametrize("found", RIGHT_COUNTS, ids=range(len(RIGHT_COUNTS)))
def test_counts_in_any_form_and_order_pass(found):
    checks.counts(found, {"talks": 2, "test": 1}, "f()")


@pytest.mark.parametrize(
    "found", [{}, [], pd.Series(dtype=int), pd.DataFrame(), pd.DataFrame({"kind": [], "n": []})], ids=range(5)
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
        (pd.Timestamp("2018-11-01"), "gave a day, 2018-11-01"),
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


@pytest.mark.parametrize(
    "found",
    [
        0.5333,
        np.float64(0.534),
        Fraction(8, 15),
        Decimal("0.53"),
        pd.Series([0.5333]),
        [0.5333],
        pd.DataFrame([[0.53]]),
    ],
)
def test_a_number_within_the_tolerance_passes_in_any_form(found):
    checks.number(found, 8 / 15, "f()", tolerance=0.005)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (0.54, r"should be 0\.533333 \(within 0\.005\), found 0\.54"),
        (53.3, "a share, not a percentage"),
        ("0.533", "the text '0.533'"),
        (float("inf"), "one number"),
        (True, "one number"),
        (1j, "one number"),
        ([0.5, 0.5], "one number"),
        (None, "gave nothing"),
    ],
)
def test_a_number_out_of_the_tolerance_or_of_another_kind_is_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.number(found, 8 / 15, "f()", tolerance=0.005, known_wrong={53.3: "That is a share, not a percentage."})


DAY = datetime.date(2018, 11, 1)


@pytest.mark.parametrize(
    "found",
    [
        DAY, datetime.datetime(2018, 11, 1, 15), pd.Timestamp(DAY), np.datetime64("2018-11-01"), pd.Period("2018-11-01", "D"),
        "2018-11-01", " 2018-11-01 ", "1 November 2018", "Nov 1, 2018", pd.Series([pd.Timestamp(DAY)]), [DAY],
    ],
)  # fmt: skip
def test_a_day_in_any_form_that_leaves_no_doubt_passes(found):
    checks.date(found, "2018-11-01", "f()")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("2018-09-19", "the day of signature"),
        ("2018-11-02", "should be 2018-11-01, found 2018-11-02"),
        ("11/01/2018", "Write year, month, day"),
        ("1.11.2018", "Write year, month, day"),
        (20181101, "a day such as"),
        ("soon", "a day such as"),
        (pd.NaT, "a day such as"),
        (pd.Period("2018-11", "M"), "a day such as"),
        (None, "gave nothing"),
    ],
)
def test_another_day_and_a_doubtful_text_are_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.date(found, "2018-11-01", "f()", known_wrong={"2018-09-19": "That is the day of signature."})


@pytest.mark.parametrize("found", ["suspended", " Suspended ", np.str_("suspended"), ["suspended"]])
def test_the_right_option_passes(found):
    checks.choice(found, "suspended", "the act", options=("suspended", "terminated"))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("terminated", "can be put back"),
        ("signed", "does not hold"),
        ("gone", "none of the options; there are: suspended"),
        (3, "one option as text"),
        (None, "gave nothing"),
    ],
)
def test_another_option_is_told_why_and_not_which_is_right(found, words):
    with pytest.raises(checks.CheckError, match=words) as error:
        checks.choice(
            found,
            "suspended",
            "the act",
            known_wrong={"terminated": "What can be put back is not gone."},
            options=("suspended", "terminated", "signed"),
        )
    assert found == "gone" or "suspended" not in str(error.value)


@pytest.mark.parametrize("found", [["a", "b"], ("b", "a"), {"a", "b"}, pd.Series(["B", "a"]), np.array(["a", "b"])])
def test_the_right_options_pass_in_any_order_and_collection(found):
    checks.choices(found, ["a", "b"], "the reasons")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (["a"], "something that holds too is missing"),
        (["a", "b", "c"], "'c' does not hold"),
        (["a", "b", "d"], "is none of the options"),
        ("a", "missing"),
        ([1, 2], "options as texts"),
        ({"a": True}, "a list of options"),
        (None, "gave nothing"),
    ],
)
def test_an_option_too_many_or_too_few_is_named(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.choices(found, ["a", "b"], "the reasons", options=("a", "b", "c"))


RIGHT_BY_YEAR = [
    {2019: 12, 2020: 0},
    {2020: 0.0, 2019.0: np.int64(12), 2018: float("nan")},
    pd.Series({2019: 12, 2020: 0}),
    pd.Series([12, 0], index=pd.PeriodIndex(["2019", "2020"], freq="Y")),
    pd.Series([12, 0], index=pd.to_datetime(["2019-12-31", "2020-12-31"])),
    pd.Series([0, 12, pd.NA], index=[2020, 2019, 2018], dtype="Int64"),
    pd.DataFrame({"year": [2020, 2019], "missiles": [0, 12]}),
    pd.DataFrame({"missiles": [12, 0]}, index=[2019, 2020]),
    [(2019, 12), (2020, 0)],
]


@pytest.mark.parametrize("found", RIGHT_BY_YEAR, ids=range(len(RIGHT_BY_YEAR)))
def test_numbers_by_year_pass_in_any_form_and_order(found):
    checks.numbers_by(found, {2019: 12, 2020: 0}, "f()")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ({2019: 12}, r"lacks 2020; it has 2019\. Zero stays\."),
        ({2019: 12, 2020: 0, 2022: 31}, "Part of a year"),
        ({2019: 12, 2020: 0, 2018: 1}, "has 2018, which does not belong there"),
        ({2019: 12, 2020: 1}, "should give 0 for 2020, found 1"),
        ({"2019": 12, "2020": 0}, "as a text where a number was expected"),
        ({2019: "12", 2020: 0}, "should give numbers"),
        (pd.Series([12, 3, 0], index=[2019, 2019, 2020]), "gives 2019 more than once"),
        (pd.DataFrame({"year": [2019], "missiles": [12], "counter": ["A"]}), "a table of 3 columns"),
        (12, "a dictionary or a Series"),
        (None, "return"),
    ],
)
def test_wrong_numbers_by_year_are_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.numbers_by(
            found,
            {2019: 12, 2020: 0},
            "f()",
            known_wrong={(2022, 31): "Part of a year is no year."},
            lacking="Zero stays.",
        )


RIGHT_PAIRS = [
    (2, 1), [2.0, 1], np.array([2, 1]), pd.Series([2, 1]), pd.Index([2, 1]), pd.DataFrame({"before": [2], "after": [1]}),
    {"before": 2, "after": 1}, (n for n in (2, 1)),
]  # fmt: skip


@pytest.mark.parametrize("found", RIGHT_PAIRS, ids=range(len(RIGHT_PAIRS)))
def test_a_sequence_in_order_passes_in_any_form(found):
    checks.sequence(found, (2, 1), "f()")


@pytest.mark.parametrize("found", [["b", "a", "a"], pd.Series(["a", "b", "a"]), ("a", "a", "b")])
def test_where_order_is_free_any_order_passes(found):
    checks.sequence(found, ["a", "a", "b"], "f()", ordered=False)


@pytest.mark.parametrize("found", [["2018-11-01", DAY], pd.to_datetime(["2018-11-01", "2018-11-01"])])
def test_a_sequence_of_days_passes_in_any_form(found):
    checks.sequence(found, [DAY, DAY], "f()")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((1, 2), "in another order"),
        ((3, 2), "the day itself"),
        ((2, 2), "should be 2, 1, found 2, 2"),
        ((2,), "2 values, found 1"),
        (("2", "1"), "the text '2'"),
        ({2, 1}, "no order"),
        ("21", "2 values in a row"),
        (3, "2 values in a row"),
        ((pd.DataFrame({"a": [1]}), 1), "holds a DataFrame"),
        (pd.DataFrame({"a": [1, 2], "b": [1, 2]}), "2 values in a row"),
        ((True, True), "True or False where a number"),
        (None, "There are two"),
    ],
)
def test_a_wrong_sequence_is_told_why(found, words):
    sentences = {(3, 2): "You counted the day itself.", None: "There are two."}
    with pytest.raises(checks.CheckError, match=words):
        checks.sequence(found, (2, 1), "f()", known_wrong=sentences)
    with pytest.raises(checks.CheckError, match="gave nothing; expected: 2 values"):
        checks.sequence(None, (2, 1), "f()")


YEARS = pd.DataFrame({"year": [2019, 2020], "entries": [3, 0], "days": [2, 0]})
RIGHT_TABLES = [
    YEARS,
    YEARS.iloc[::-1],
    YEARS[["days", "year", "entries"]].astype(float),
    YEARS.set_index("year"),
    YEARS.set_index("year").rename_axis(None),
    YEARS.assign(note="more than was asked for"),
    YEARS.to_dict("records"),
    YEARS.to_dict("list"),
    YEARS.set_index("year").to_dict("index"),
    YEARS.set_index("year").set_axis(pd.PeriodIndex(["2019", "2020"], freq="Y")),
]


@pytest.mark.parametrize("found", RIGHT_TABLES, ids=range(len(RIGHT_TABLES)))
def test_a_table_passes_in_any_order_of_rows_and_columns(found):
    checks.table(found, YEARS, "f()", key="year")


def test_a_table_may_be_asked_for_with_its_key_alone():
    checks.table(YEARS[["year"]], YEARS[["year"]], "f()", key="year")
    with pytest.raises(checks.CheckError, match="lacks 2020"):
        checks.table(YEARS[["year"]].head(1), YEARS[["year"]], "f()", key="year")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (YEARS.assign(days=[3, 0]), "Two fall on one day"),
        (YEARS.assign(entries=[4, 0]), "should have 3 in the column `entries` for 2019, found 4"),
        (YEARS.assign(entries=[3, np.nan]), "for 2020, found nothing"),
        (YEARS.assign(entries=["3", "0"]), "found '3'"),
        (YEARS.head(1), r"lacks 2020; it has 2019\. Every year has a row\."),
        (pd.concat([YEARS, YEARS.assign(year=2021).head(1)]), "has 2021, which does not belong"),
        (pd.concat([YEARS, YEARS.head(1)]), "more than one row for 2019"),
        (YEARS.assign(year=["2019", "2020"]), "'2019' as a text"),
        (YEARS.rename(columns={"days": "Days"}), "no column `days`; it has: year, entries, Days"),
        (YEARS["days"], "a single column"),
        (pd.concat({"n": YEARS}, axis=1), "several levels"),
        ({"took": 5}, "should be a table"),
        (3, "should be a table"),
        (None, "gave nothing"),
    ],
)
def test_a_wrong_table_is_told_why(found, words):
    with pytest.raises(checks.CheckError, match=words):
        checks.table(
            found,
            YEARS,
            "f()",
            key="year",
            known_wrong={(2019, "days", 3): "Two fall on one day."},
            lacking="Every year has a row.",
        )


@pytest.mark.parametrize("found", [None, float("nan"), np.nan, pd.NaT, pd.NA, (None, None), pd.Series([np.nan])])
def test_nothing_in_any_form_passes(found):
    checks.nothing(found, "f()")


def test_an_empty_collection_is_something():
    with pytest.raises(checks.CheckError, match="should be None"):
        checks.nothing([], "f()")


def test_something_where_nothing_was_asked_for_is_named():
    with pytest.raises(checks.CheckError, match=r"should be None, found 0 \(int\)\. There is no earlier one\."):
        checks.nothing(0, "f()", otherwise="There is no earlier one.")


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


DAYS = pd.DataFrame({"kind": ["test", "talks"], "date": pd.to_datetime(["2020-01-01", "2020-01-02"])})


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda days: days[days["kind"] == "test" & days["date"] > pd.Timestamp("2020-01-01")], "round brackets"),
        (lambda days: days[(days["kind"] == "test") and days["date"].notna()], "round brackets"),
        (lambda days: days["date"] > days.loc[days["kind"] == "test", "date"], r"`\.iloc\[0\]` takes"),
        (lambda days: days["date"].iloc[0] + 30, "as `pd.Timedelta"),
        (lambda days: days[days["kind"] == "visit"]["date"].iloc[0], "Nothing was left to take from"),
        (lambda days: days["Date"], "names count to the letter"),
        (lambda days: (lambda *, stake: stake)(0.4), "by name what the item shows"),
        (lambda: 3, "Keep the names in the brackets after `def"),
    ],
)
def test_an_error_that_beginners_meet_comes_with_its_remedy(function, words):
    with pytest.raises(checks.CheckError, match=f"stopped with .*{words}"):
        checks.call(function, DAYS)


def test_a_function_may_warn_change_its_table_and_leave_with_a_message(capfd):
    table = pd.DataFrame({"a": [1]})

    def careless(frame):
        warnings.warn("old fashioned", stacklevel=1)
        print("looking", file=sys.stderr)
        frame["b"] = 2
        return len(frame.columns)

    checks.whole_number(checks.call(careless, table), 2, "f()")
    assert list(table.columns) == ["a"]
    assert capfd.readouterr().err == "", "nbgrader takes a word on stderr for a wrong answer"
    with pytest.raises(checks.CheckError, match="stopped with SystemExit"):
        checks.call(sys.exit)


PLAN = {"1 Counts": {"counts": 6, "more": 3, "hidden": 2}, "2 Memo": {"marker": 12}}


def test_the_provisional_score_counts_what_passed_last_and_says_that_it_is_no_grade(monkeypatch, capsys):
    monkeypatch.setattr(checks.score, "_points_seen", {})
    untouched = checks.provisional_score(PLAN)
    assert untouched.loc["All"].to_list() == [0, 9, 2, 2, 12]
    assert "This is no grade" in (said := capsys.readouterr().out)
    assert "2 checks have not run yet" in said
    with checks.item("counts", 6):
        pass
    with pytest.raises(checks.CheckError), checks.item("more", 3):
        checks.whole_number(1, 2, "f()")
    assert checks.provisional_score(PLAN).loc["1 Counts"].to_list() == [6, 9, 0, 2, 0]
    with pytest.raises(checks.CheckError), checks.item("counts", 6):  # the answer was changed, and the check run again
        checks.whole_number(1, 2, "f()")
    assert checks.provisional_score(PLAN).loc["All", "passed"] == 0


def test_jupyter_shows_the_sentence_alone():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell._showtraceback = lambda _type, _value, lines: shown.extend(lines)
    shell.run_cell("from military_diplomacy import checks\nchecks.whole_number(1, 2, 'f()')")
    assert shown == ["Not yet: f() should be 2, found 1."]
    InteractiveShell.clear_instance()


def test_a_check_that_is_run_before_its_answer_names_what_is_missing():
    words = "tests_around is not known yet. Run the cells above"
    with pytest.raises(checks.CheckError, match=words), checks.item("tests-around-check", 6):
        tests_around  # noqa: B018, F821
