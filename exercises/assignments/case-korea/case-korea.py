# ---
# title: "Case Korea: what acts, counts and a model can show"
# tables: [korea_events, korea_exercises, missile_tests, local_provocations, cma_violations]
# files: [case-korea-answers.json]
# points: 100
# minutes: 180
# ---

# %% [markdown]
# # Case Korea: what acts, counts and a model can show
#
# Twelve items, 100 points, about three hours. Read the chapter *The Korean Peninsula* first. The items do not need each
# other's answers: when one takes too long, go on.
#
# **Three ways to answer.** Items 1 and 11 you answer with controls; your choices are saved in `case-korea-answers.json`, beside
# this notebook. For items 2 to 7, 9 and 10 you write a short function where it says `YOUR CODE HERE`. Items 8 and 12 are texts,
# which a person marks.
#
# **Checks.** Below each item stands a cell that checks it on cases which you can see through; run it as often as you like. A
# check that passes says nothing; one that does not pass says what to look at. Together these checks carry 60 points. When your
# work is graded, hidden tests try the same on other data (20 points) and a person marks the two texts (20 points). The last cell
# shows where you stand.
#
# **At the end** choose *Kernel → Restart Kernel and Run All Cells*, then *Validate*. In a terminal (*File → New → Terminal*),
# `sealed-grading doctor assignments/case-korea` says what is still missing. Hand in both files: `case-korea.ipynb` and
# `case-korea-answers.json`.

# %% tags=["run-once"] nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import ipywidgets
import pandas as pd
from IPython.display import display

from military_diplomacy import answers, checks
from military_diplomacy.models import reassurance

# %% tags=["learner-only", "run-once"] nbgrader={"grade": false, "grade_id": "tables", "locked": true, "schema_version": 3, "solution": false, "task": false}
events = pd.read_csv("korea_events.csv", parse_dates=["date"])
exercises = pd.read_csv("korea_exercises.csv", parse_dates=["start_date", "end_date"])
missiles = pd.read_csv("missile_tests.csv", parse_dates=["period_start", "period_end"])
provocations = pd.read_csv("local_provocations.csv")
breaches = pd.read_csv("cma_violations.csv", parse_dates=["date"])

# %% [markdown]
# ## All the Python that you need
#
# Five moves, shown on an invented table of ships in a harbour. Change the lines and run the cell again: nothing here is graded.

# %% tags=["learner-only", "run-once"]
ships = pd.DataFrame(
    {
        "ship": ["Aster", "Brio", "Cutter", "Dawn"],
        "flag": ["NOR", "CHL", "NOR", "KEN"],
        "arrived": pd.to_datetime(["2021-03-02", "2021-12-30", "2022-01-04", "2022-01-04"]),
        "crew": [20, None, 31, 8],
    }
)

# 1. A condition on a column gives True or False for every row; in square brackets it keeps the rows that are True.
norwegian = ships[ships["flag"] == "NOR"]

# 2. Several conditions: each in round brackets, & for "and", | for "or". isin() asks whether a value is one of several.
norwegian_2022 = ships[(ships["flag"] == "NOR") & (ships["arrived"].dt.year == 2022)]
american = ships[ships["flag"].isin(["USA", "CHL", "MEX"])]

# 3. Count: rows, rows of each value, different values. A missing value is NaN; notna() is True where there is a value.
print(len(norwegian), dict(ships["flag"].value_counts()), ships["arrived"].nunique(), ships["crew"].notna().sum())

# 4. One day minus another is a length of time; its .days is a number.
print((pd.Timestamp("2022-01-04") - pd.Timestamp("2021-12-30")).days)


# 5. A function takes what stands in its brackets and gives back what stands after `return`.
def crew_under(ships, flag):
    kept = ships[ships["flag"] == flag]
    return kept["crew"].sum()


print(crew_under(ships, "NOR"))

# %% [markdown]
# ## Look around
#
# One row of `korea_events.csv` is one event. Choose years and kinds; several kinds with Ctrl or Shift. The columns: `id`; `date`, the
# day; `kind`; `title`; `actors`, who took part, as three-letter codes with a space between (`KOR` South Korea, `PRK` North Korea).

# %% tags=["learner-only", "run-once"] nbgrader={"grade": false, "grade_id": "look", "locked": true, "schema_version": 3, "solution": false, "task": false}
years = ["all", *sorted(set(events["date"].dt.year), reverse=True)]
kinds = sorted(set(events["kind"]))
year_control = ipywidgets.Dropdown(description="Year", options=years, value=2018)
kind_control = ipywidgets.SelectMultiple(description="Kinds", options=kinds, value=("agreement",), rows=len(kinds))


def show_events(year, chosen):
    shown = events[events["kind"].isin(chosen) & ((year == "all") | (events["date"].dt.year == year))]
    display(shown[["id", "date", "kind", "title", "actors"]])


display(
    ipywidgets.HBox([year_control, kind_control], layout={"flex_flow": "row wrap"}),
    ipywidgets.interactive_output(show_events, {"year": year_control, "chosen": kind_control}),
)

# %% [markdown]
# ## Item 1. What kind of act? (8 points, 10 minutes; K1)
#
# The next cell shows eight rows on the military agreement of 2018. The controls below it ask for each row what was done on that day. An
# option may hold once, more than once or never; choose the narrowest that fits. The last control asks which of the five acts from November
# 2023 on were acts of **Seoul**; choose several with Ctrl or Shift.
#
# A text is *signed* before it *takes effect*. A clause or a text that is *suspended* can be put back; one that is *terminated* is gone. A side
# that *renounces* says that it is no longer bound. And a duty can be carried out, or undone, in deed.
#
# <details><summary>Hint 1</summary>Read the column <code>summary</code>: who acts, a government, its soldiers, or both sides?</details>
# <details><summary>Hint 2</summary>Read <code>note</code> as well. For 8 January 2024 it says what kind of decision the announcement was not.</details>
# <details><summary>Hint 3</summary>The chapter's section <i>When did it end?</i> gives each date its author.</details>

# %% tags=["learner-only", "run-once"] nbgrader={"grade": false, "grade_id": "acts-rows", "locked": true, "schema_version": 3, "solution": false, "task": false}
DAYS = {
    "2018-09-19": "19 Sep 2018",
    "2018-11-01": "1 Nov 2018",
    "2018-11-20": "20 Nov 2018",
    "2023-11-22": "22 Nov 2023",
    "2023-11-23": "23 Nov 2023",
    "2023-11-24": "24 Nov 2023",
    "2024-01-08": "8 Jan 2024",
    "2024-06-04": "4 Jun 2024",
}
on_the_agreement = events["instrument"] == "confidence-building measure"
with pd.option_context("display.max_colwidth", None):
    display(
        events[on_the_agreement & events["date"].isin(pd.to_datetime(list(DAYS)))]
        .set_index("date")[["summary", "note"]]
        .fillna("")
    )

# %% tags=["screen-only"] nbgrader={"grade": false, "grade_id": "acts", "locked": true, "schema_version": 3, "solution": false, "task": false}
ACTS = {
    "signed": "signed: the two sides put their names to a text",
    "effect": "took effect: the duties began to bind",
    "carried out": "carried out: a duty under the text was done",
    "suspended in part": "suspended in part: a government put a clause on hold",
    "suspended": "suspended as a whole: a government put the text on hold",
    "declared by soldiers": "declared void by the military, without a decision of the government",
    "renounced": "renounced: a side said that it was no longer bound",
    "undone": "undone in deed: something that had been carried out was reversed",
    "terminated": "terminated: ended for good",
}
answers.Form(
    "case-korea-answers.json",
    "acts",
    {day: answers.one_of(label, ACTS) for day, label in DAYS.items()}
    | {"seoul": answers.some_of("Acts of Seoul", dict(list(DAYS.items())[3:]))},
)

# %% nbgrader={"grade": true, "grade_id": "acts-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import answers, checks

with checks.item("acts-check", 4):
    checks.choice(
        answers.read("case-korea-answers.json", "acts", "2018-09-19"),
        "signed",
        "19 September 2018",
        known_wrong={
            "effect": "On 19 September 2018 the text was signed. Its zones and its halt of drills bound the forces from a later day.",
        },
    )
    checks.choice(
        answers.read("case-korea-answers.json", "acts", "2018-11-01"),
        "effect",
        "1 November 2018",
        known_wrong={
            "signed": "On 1 November 2018 nothing was signed: what had been signed in September began to bind.",
            "carried out": "On 1 November 2018 the duties themselves began. What is then done under them is a later act.",
        },
    )
    checks.choice(
        answers.read("case-korea-answers.json", "acts", "2018-11-20"),
        "carried out",
        "20 November 2018",
        known_wrong={
            "undone": "On 20 November 2018 posts were blown up because the agreement asked for it: the duty was done, not undone.",
            "effect": "The duties bound already. On 20 November 2018 one of them was done.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "acts-ends", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your choices for the five acts from November 2023 on are marked here.
### BEGIN HIDDEN TESTS
from military_diplomacy import answers, checks

for day, act in {
    "2023-11-22": "suspended in part",
    "2023-11-23": "renounced",
    "2023-11-24": "undone",
    "2024-01-08": "declared by soldiers",
    "2024-06-04": "suspended",
}.items():
    checks.choice(answers.read("case-korea-answers.json", "acts", day), act, day)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "acts-seoul", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your choice of the acts of Seoul is marked here.
### BEGIN HIDDEN TESTS
from military_diplomacy import answers, checks

checks.choices(
    answers.read("case-korea-answers.json", "acts", "seoul"),
    ["2023-11-22", "2024-01-08", "2024-06-04"],
    "the acts of Seoul",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Item 2. What happened in a year? (8 points, 12 minutes; K2)
#
# Write a function that takes a table of events and a year (a number, such as `2018`) and returns how many events of each kind the
# table holds for that year. A dictionary will do, and so will a pandas Series. A kind without an event in that year may be left out or
# counted as 0.
#
# This item's check and that of item 3 use a small table of twelve invented rows, in no order. In it, 2018 holds two agreements and one
# withdrawal.
#
# <details><summary>Hint 1</summary>Keep the rows of the year first, then count.</details>
# <details><summary>Hint 2</summary><code>events["date"].dt.year</code> gives the year of every row.</details>
# <details><summary>Hint 3</summary>A column has a method <code>value_counts()</code>.</details>

# %% tags=["tests-only", "run-once"] nbgrader={"grade": false, "grade_id": "sample", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample = pd.DataFrame(
    [
        ("H", "2020-02-10", "agreement", "PRK KOR"),
        ("A", "2018-09-19", "agreement", "KOR PRK"),
        ("D", "2019-06-30", "agreement", "KOR USA"),
        ("G", "2019-07-01", "talks", "KOR PRK"),
        ("E", "2019-07-09", "withdrawal", "PRK KOR"),
        ("C", "2019-05-04", "test", "PRK"),
        ("K", "2019-05-20", "agreement", "PRK RUS"),
        ("B", "2018-11-01", "agreement", "PRK KOR UNC"),
        ("I", "2018-01-15", "withdrawal", "PRK"),
        ("F", "2019-07-09", "agreement", "KOR PRK"),
        ("J", "2020-03-01", "withdrawal", "KOR"),
        ("L", "2019-07-01", "talks", "KOR USA"),
    ],
    columns=["id", "date", "kind", "actors"],
).astype({"date": "datetime64[ns]"})
sample


# %% nbgrader={"grade": false, "grade_id": "counts-by-kind", "locked": false, "schema_version": 3, "solution": true, "task": false}
def counts_by_kind(events, year):
    ### BEGIN SOLUTION
    in_year = events[events["date"].dt.year == year]
    return in_year["kind"].value_counts()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "counts-by-kind-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("counts-by-kind-check", 6):
    checks.counts(
        checks.call(counts_by_kind, sample, 2018),
        {"agreement": 2, "withdrawal": 1},
        "counts_by_kind(sample, 2018)",
        known_wrong={
            (
                ("agreement", 6),
                ("talks", 2),
                ("test", 1),
                ("withdrawal", 3),
            ): "You counted rows of other years too. Keep the rows of the year that was asked for, then count.",
        },
    )
    checks.counts(
        checks.call(counts_by_kind, sample, 2019),
        {"agreement": 3, "talks": 2, "test": 1, "withdrawal": 1},
        "counts_by_kind(sample, 2019)",
        known_wrong={
            (("agreement", 3), ("talks", 1), ("test", 1), ("withdrawal", 1)): (
                "You counted days. G and L are two talks on one day, and each is an event: count rows."
            ),
            (("agreement", 2), ("withdrawal", 1)): "That is 2018. Use the year that the function is given.",
        },
    )
    checks.counts(
        checks.call(counts_by_kind, sample[sample["id"] < "E"], 2019),
        {"agreement": 1, "test": 1},
        'counts_by_kind(sample[sample["id"] < "E"], 2019)',
        known_wrong={
            (("agreement", 3), ("talks", 2), ("test", 1), ("withdrawal", 1)): (
                "This table has the events A to D only, and you counted in all of `sample`. Use the table that the function is given: `events`."
            ),
        },
    )

# %% nbgrader={"grade": true, "grade_id": "counts-by-kind-all", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on years of the whole table.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

checks.counts(checks.call(counts_by_kind, sample.iloc[:0], 2018), {}, "counts_by_kind of a table without rows")
all_events = pd.read_csv("korea_events.csv", parse_dates=["date"], usecols=["id", "date", "kind", "actors"])
all_events.loc[all_events["id"] == "KE-2018-04-20-testhalt", "date"] = pd.Timestamp("2019-01-01")
all_events.loc[all_events["id"] == "KE-2018-12-12-verify", "date"] = pd.Timestamp("2018-12-31")
year_and_kind = list(zip(all_events["date"].dt.year, all_events["kind"]))
for year in (2000, 2018, 2019):
    kinds_in_year = [kind for in_year, kind in year_and_kind if in_year == year]
    checks.counts(
        checks.call(counts_by_kind, all_events, year),
        {kind: kinds_in_year.count(kind) for kind in set(kinds_in_year)},
        f"counts_by_kind(events, {year})",
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Item 3. How old was the last agreement? (9 points, 18 minutes; K1, K2)
#
# Write a function that takes a table of events and the `id` of one withdrawal, and returns a whole number: the days from the
# **latest earlier agreement between the two Koreas** to that withdrawal. An agreement is between the two Koreas when both `KOR`
# and `PRK` are among its actors, whoever else is. *Earlier* means on an earlier day. The rows may stand in any order. If there is
# no such agreement, return `None`.
#
# In the table of item 2, the answer for `"E"` is 250: from B, 1 November 2018, to 9 July 2019. Why not 9, 8 or 0? For `"I"` it is `None`.
#
# <details><summary>Hint 1</summary>Three steps: find the day of the withdrawal; keep the agreements that count; take the latest.</details>
# <details><summary>Hint 2</summary><code>events["actors"].str.contains("PRK")</code> is true where the North took part.</details>
# <details><summary>Hint 3</summary><code>events.loc[events["id"] == withdrawal_id, "date"].iloc[0]</code> is the day of the withdrawal;
# <code>.max()</code> of a column of days is the latest, <code>.empty</code> says whether a table has no rows.</details>


# %% nbgrader={"grade": false, "grade_id": "days-since-agreement", "locked": false, "schema_version": 3, "solution": true, "task": false}
def days_since_agreement(events, withdrawal_id):
    ### BEGIN SOLUTION
    withdrawn = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    both_koreas = events["actors"].str.contains("KOR") & events["actors"].str.contains("PRK")
    earlier = events[(events["kind"] == "agreement") & both_koreas & (events["date"] < withdrawn)]
    return None if earlier.empty else (withdrawn - earlier["date"].max()).days
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-check", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("days-since-agreement-check", 5):
    checks.whole_number(
        checks.call(days_since_agreement, sample, "E"),
        250,
        'days_since_agreement(sample, "E")',
        known_wrong={
            9: "You counted from event D. Its actors are KOR and USA: it is an agreement, and not one between the two Koreas.",
            8: "You counted from event G. Both Koreas took part, but it is talks and no agreement.",
            0: "Event F falls on the same day, and earlier means on an earlier day. If you did not count from F: ask for `.days`, "
            "not for `.seconds`.",
            50: "You counted from event K. North Korea took part and South Korea did not.",
            293: "You counted from event A. The latest earlier one is B, in which the UN Command took part as well.",
            -216: "You counted from event H, which comes later. Keep the agreements before the day of the withdrawal.",
            -250: "The number is right and its sign is not: take the later day minus the earlier one.",
            251: "You counted both end days. One day minus another gives the number that is asked for.",
        },
    )
    checks.whole_number(
        checks.call(days_since_agreement, sample, "J"),
        20,
        'days_since_agreement(sample, "J")',
        known_wrong={
            236: "You counted from event F, which stands lower in the table than H and is earlier. The order of rows is not the "
            "order of days: take the latest day.",
        },
    )
    checks.whole_number(
        checks.call(days_since_agreement, sample[sample["id"] != "B"], "E"),
        293,
        'days_since_agreement(sample[sample["id"] != "B"], "E")',
        known_wrong={
            250: "This table has no event B, and you looked in all of `sample`. Use the table that the function is given: `events`.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-none", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("days-since-agreement-none", 2):
    checks.nothing(
        checks.call(days_since_agreement, sample, "I"),
        'days_since_agreement(sample, "I")',
        otherwise="No agreement between the two Koreas lies before 15 January 2018. Neither 0 nor a later agreement stands for that: "
        "`return None`, without quotation marks.",
    )

# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-all", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on withdrawals of the whole table and of others made from it.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

all_events = pd.read_csv("korea_events.csv", parse_dates=["date"], usecols=["id", "date", "kind", "actors"])
all_events["actors"] = all_events["actors"].replace("KOR PRK UNC", "KOR UNC PRK")
moved = all_events.sort_values("actors")
moved.loc[moved["id"] == "KE-2018-11-20-guardposts", "date"] = pd.Timestamp("2020-06-09")  # the day of a withdrawal
ids = all_events["id"]  # which begin with the date
three_way = all_events[
    (ids > "KE-2016") & ~ids.between("KE-2018-10-26", "KE-2019-02-01")
]  # the UN Command is in the latest
for tried, withdrawal_ids in (
    (all_events.iloc[::-1], ("KE-2024-10-15-roads",)),
    (moved, ("KE-2020-06-09-lines", "KE-2020-06-16-liaison")),
    (
        three_way,
        ("KE-2016-02-11-lines", "KE-2021-08-10-lines"),
    ),
):
    day_of = dict(zip(tried["id"], tried["date"]))
    between_koreas = [
        day
        for day, kind, actors in zip(day_of.values(), tried["kind"], tried["actors"])
        if kind == "agreement" and {"KOR", "PRK"} <= set(actors.split())
    ]
    for tried_id in withdrawal_ids:
        withdrawn_on = day_of[tried_id]
        agreed_before = [agreed_on for agreed_on in between_koreas if agreed_on < withdrawn_on]
        found_days = checks.call(days_since_agreement, tried, tried_id)
        what_was_tried = f"days_since_agreement(…, {tried_id!r})"
        if agreed_before:
            checks.whole_number(found_days, (withdrawn_on - max(agreed_before)).days, what_was_tried)
        else:
            checks.nothing(found_days, what_was_tried)
### END HIDDEN TESTS

# %% [markdown]
# ## Item 4. Which exercises took place? (7 points, 15 minutes; K2)
#
# One row of `korea_exercises.csv` is one allied exercise in one year. Its column `status` says what became of it:
#
# | status | meaning |
# | --- | --- |
# | `held` | took place as a normal edition |
# | `scaled down` | held with less time, fewer troops or less field training |
# | `resumed` | held after a pause of at least months |
# | `postponed` | put off |
# | `suspended` | planning stopped, the series left open |
# | `cancelled` | not held, or the series ended |
#
# Write a function that takes such a table and returns a table with one row for each year of the column `year` and the columns `year`
# (or the year as index), `took_place` and `called_off`: the number of exercises that were carried out, in whatever size, and of those
# that were not. A 0 is written as 0. In the sample below, 2018 has three that took place and two that were called off.
#
# <details><summary>Hint 1</summary>Six statuses, two groups: for each status ask whether anybody exercised.</details>
# <details><summary>Hint 2</summary><code>exercises["status"].isin(["held", …])</code> is True or False for every row, and the sum of Trues is their
# number.</details>
# <details><summary>Hint 3</summary><code>exercises.assign(took_place=…).groupby("year")["took_place"].sum()</code> gives a number for each year; two such
# columns make a table: <code>pd.DataFrame({"took_place": …, "called_off": …})</code>.</details>

# %% tags=["tests-only", "run-once"] nbgrader={"grade": false, "grade_id": "sample-exercises", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample_exercises = pd.DataFrame(
    [
        ("Spring Shield", 2018, "resumed", "2018-03-01"),
        ("Cold Anchor", 2018, "scaled down", None),
        ("Summer Staff", 2018, "suspended", None),
        ("Harbour Watch", 2018, "held", "2018-05-11"),
        ("Night Relay", 2018, "cancelled", None),
        ("Spring Shield", 2019, "postponed", None),
        ("Cold Anchor", 2020, "held", None),
        ("Summer Staff", 2020, "scaled down", "2020-08-16"),
    ],
    columns=["exercise", "year", "status", "start_date"],
).astype({"start_date": "datetime64[ns]"})
sample_exercises


# %% nbgrader={"grade": false, "grade_id": "exercise-record", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exercise_record(exercises):
    ### BEGIN SOLUTION
    carried_out = exercises["status"].isin(["held", "scaled down", "resumed"])
    flagged = exercises.assign(took_place=carried_out, called_off=~carried_out)
    return flagged.groupby("year")[["took_place", "called_off"]].sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "exercise-record-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import pandas as pd

from military_diplomacy import checks

with checks.item("exercise-record-check", 6):
    checks.table(
        checks.call(exercise_record, sample_exercises),
        pd.DataFrame({"year": [2018, 2019, 2020], "took_place": [3, 0, 2], "called_off": [2, 1, 0]}),
        "exercise_record(sample_exercises)",
        key="year",
        lacking="Each year of the column `year` has a row, also one in which nothing took place or nothing was called off. The year is a column or "
        "the index: `reset_index(drop=True)` throws it away.",
        known_wrong={
            (2018, "called_off", 0): (
                "In 2018 two were called off. An exercise that was called off has no `start_date`: take "
                "the year from the column `year`."
            ),
            (2018, "took_place", 1): (
                "You counted only `held` in 2018. Read the table of meanings: two more statuses mean that "
                "somebody exercised."
            ),
            (2018, "took_place", 5): "You counted every row of 2018. Two of the five were called off.",
            (2020, "called_off", 2): "In 2020 both took place. Have the two columns changed places?",
            (2018, "called_off", 3): "You counted as called off an exercise that took place smaller or after a pause.",
            (2018, "took_place", 2): (
                "In 2018 one exercise that took place is left out. Was it smaller than usual, or the first after "
                "a pause? It took place all the same."
            ),
            (2018, "called_off", 1): (
                "In 2018 one of the two that were called off is missing. *Suspended*, *cancelled* and *postponed* "
                "differ in what follows, and in none of them was the exercise carried out."
            ),
            (2019, "took_place", 1): "In 2019 the only exercise was postponed: put off, and so not carried out.",
            (2019, "took_place", None): (
                "In 2019 none took place: that is 0 and not a missing value. `.fillna(0)` writes it."
            ),
            (2018, "called_off", 4): (
                "You counted as called off whatever is not `held`. Smaller or later than usual is not called off."
            ),
        },
    )
    checks.table(
        checks.call(exercise_record, sample_exercises.iloc[5::-1]),
        pd.DataFrame({"year": [2018, 2019], "took_place": [3, 0], "called_off": [2, 1]}),
        "exercise_record(sample_exercises.iloc[5::-1])",
        key="year",
        known_wrong={
            (2020, "took_place", 2): (
                "This table has the first six rows only, and you counted in all of `sample_exercises`. Use the table that the function is "
                "given: `exercises`."
            ),
        },
    )

# %% nbgrader={"grade": true, "grade_id": "exercise-record-all", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on the whole table.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

all_exercises = pd.read_csv(
    "korea_exercises.csv", parse_dates=["start_date"], usecols=["exercise", "year", "status", "start_date"]
)
all_exercises["start_date"] += pd.Timedelta(days=366)  # so that the column year alone tells the year
tried = all_exercises.iloc[1:]
statuses = {}
for year, status in zip(tried["year"], tried["status"]):
    statuses.setdefault(year, []).append(status)
record = [
    {
        "year": year,
        "took_place": sum(status in ("held", "scaled down", "resumed") for status in those),
        "called_off": sum(status in ("postponed", "suspended", "cancelled") for status in those),
    }
    for year, those in statuses.items()
]
checks.table(checks.call(exercise_record, tried), pd.DataFrame(record), "exercise_record(…)", key="year")
### END HIDDEN TESTS

# %% [markdown]
# ## Item 5. Tests before and after an exercise (8 points, 15 minutes; K2)
#
# "North Korea answers exercises with missile tests." Whoever looks only at what comes after will find an answer. So look both ways, through windows of
# the same length.
#
# Write a function that takes a table of events, the `id` of one exercise and a number of days, and returns two numbers, in this order: how many
# rows of the kind `test` lie **before** the exercise's day, and how many **after** it, at most so many days away. The last day of the window
# counts. A test on the day itself counts neither way. A tuple, a list or a Series of two will do: `return before, after`.
#
# In the sample below, for exercise `"X"` and 30 days the answer is 2 before and 1 after; for `"Y"` and 60 days it is 2 and 0.
#
# When it works, try `tests_around(events, "KE-2019-08-20-ccpt", 30)` and some other exercise. What would you need to know before you call a
# test an answer?
#
# <details><summary>Hint 1</summary>Find the exercise's day, keep the tests, and compare their days with two edges: the day less so many days, and the day plus so
# many days.</details>
# <details><summary>Hint 2</summary><code>pd.Timedelta(days=30)</code> is a length of time that you can add to a day or take from it.</details>
# <details><summary>Hint 3</summary>With <code>gap = (tests["date"] - day).dt.days</code> a test ten days later has gap 10, one ten days earlier −10. Count the
# gaps from 1 to <code>days</code>, then those from −<code>days</code> to −1: <code>gap.between(1, days).sum()</code>.</details>

# %% tags=["tests-only", "run-once"] nbgrader={"grade": false, "grade_id": "sample-order", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample_order = pd.DataFrame(
    [
        ("P", "2021-02-14", "test"),
        ("X", "2021-03-10", "exercise"),
        ("Q", "2021-02-08", "test"),
        ("R", "2021-03-10", "test"),
        ("S", "2021-04-09", "test"),
        ("T", "2021-03-20", "talks"),
        ("U", "2021-01-05", "test"),
        ("V", "2021-05-30", "test"),
        ("Y", "2021-06-03", "exercise"),
        ("W", "2021-03-01", "incident"),
        ("O", "2020-11-30", "test"),
        ("Z", "2021-03-25", "talks"),
    ],
    columns=["id", "date", "kind"],
).astype({"date": "datetime64[ns]"})
sample_order


# %% nbgrader={"grade": false, "grade_id": "tests-around", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tests_around(events, exercise_id, days):
    ### BEGIN SOLUTION
    exercised = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    gap = (events.loc[events["kind"] == "test", "date"] - exercised).dt.days
    return gap.between(-days, -1).sum(), gap.between(1, days).sum()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "tests-around-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("tests-around-check", 6):
    checks.sequence(
        checks.call(tests_around, sample_order, "X", 30),
        (2, 1),
        'tests_around(sample_order, "X", 30)',
        known_wrong={
            (1, 2): "Before and after have changed places: the item asks for before first.",
            (3, 2): "You counted test R, which falls on the day of the exercise itself, on both sides.",
            (3, 1): "You counted test R, which falls on the day of the exercise itself, as before.",
            (2, 2): "You counted test R, which falls on the day of the exercise itself, as after.",
            (1, 0): "Tests Q and S lie exactly 30 days away. The last day of the window counts.",
            (2, 0): "Test S lies exactly 30 days after the exercise. The last day of the window counts on both sides.",
            (1, 1): "Test Q lies exactly 30 days before the exercise. The last day of the window counts on both sides.",
            (3, 3): "You counted rows of every kind. Keep the kind `test`.",
            (5, 5): "You counted rows of every kind. Keep the kind `test`.",
            (4, 2): "You counted all tests before and after, however far away. Keep those at most so many days away.",
        },
    )
    checks.sequence(
        checks.call(tests_around, sample_order, "Y", 60),
        (2, 0),
        'tests_around(sample_order, "Y", 60)',
        known_wrong={
            (1, 0): "Test S lies 55 days before exercise Y. Use the number of days that the function is given.",
            (2, 1): "That is the answer for exercise X. Use the `id` that the function is given.",
        },
    )
    checks.sequence(
        checks.call(tests_around, sample_order[sample_order["id"] != "P"], "X", 30),
        (1, 1),
        'tests_around(sample_order[sample_order["id"] != "P"], "X", 30)',
        known_wrong={
            (
                2,
                1,
            ): "This table has no test P, and you counted in all of `sample_order`. Use the table that the function is given: `events`.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "tests-around-all", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on exercises of the whole table, through several windows.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

all_events = pd.read_csv("korea_events.csv", parse_dates=["date"], usecols=["id", "date", "kind"]).sort_values("kind")
for moved_id, moved_to in {
    "KE-2019-05-09-missiles": "2019-03-04",  # the day of an exercise
    "KE-2019-05-04-projectiles": "2019-07-25",  # the day of another test
    "KE-2023-11-21-satellite": "2020-01-18",  # 151 days after an exercise
}.items():
    all_events.loc[all_events["id"] == moved_id, "date"] = pd.Timestamp(moved_to)
day_of = dict(zip(all_events["id"], all_events["date"]))
test_days = [day for day, kind in zip(day_of.values(), all_events["kind"]) if kind == "test"]
for tried_id, windows in {
    "KE-2019-03-04-dongmaeng": (),
    "KE-2019-08-20-ccpt": (150,),
    "KE-2024-08-19-ufs": (),
}.items():
    gaps_in_days = [(tested_on - day_of[tried_id]).days for tested_on in test_days]
    for window in (*windows, min(gap for gap in map(abs, gaps_in_days) if gap)):  # the last has a test on its last day
        expected_pair = [sum(-window <= g < 0 for g in gaps_in_days), sum(0 < g <= window for g in gaps_in_days)]
        checks.sequence(
            checks.call(tests_around, all_events, tried_id, window),
            expected_pair,
            f"tests_around(events, {tried_id!r}, {window})",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Item 6. One counter's whole years (7 points, 15 minutes; K3)
#
# One row of `missile_tests.csv` is one year, or part of a year, as one counter counted it. Counters use different rules, so their numbers must not be
# joined into one series. Columns: `year`; `counter`; `missiles`, missiles launched; `launch_events_count`, days or rounds of launching;
# `period_start` and `period_end`, the first and last day that the counter covered.
#
# Write a function that takes such a table and the name of a counter and returns the number of **missiles** for each year: a dictionary or a
# Series, year to number. Only years that this counter covered **whole**, from 1 January to 31 December. A year for which it gives no number of
# missiles is left out; a year with zero missiles stays.
#
# In the sample below the answer for `"Alpha"` is 12 for 2019 and 0 for 2020.
#
# <details><summary>Hint 1</summary>Three filters on rows: the counter, the whole year, a number that is there.</details>
# <details><summary>Hint 2</summary>A whole year begins in month 1 on day 1 and ends in month 12 on day 31: <code>.dt.month</code>, <code>.dt.day</code>; or it is
# at least 364 days long. A name is compared with <code>==</code>.</details>
# <details><summary>Hint 3</summary><code>missiles.dropna(subset=["missiles"])</code> leaves out the rows without a number, and
# <code>kept.set_index("year")["missiles"]</code> is year to number.</details>

# %% tags=["tests-only", "run-once"] nbgrader={"grade": false, "grade_id": "sample-missiles", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample_missiles = pd.DataFrame(
    [
        (2018, "Alpha", None, 3, "2018-01-01", "2018-12-31"),
        (2019, "Alpha", 12, 5, "2019-01-01", "2019-12-31"),
        (2019, "Alpha-plus", 15, None, "2019-01-01", "2019-12-31"),
        (2020, "Beta", 4, 4, "2020-01-01", "2020-12-31"),
        (2020, "Alpha", 0, 0, "2020-01-01", "2020-12-31"),
        (2021, "Alpha-plus", 9, 2, "2021-01-01", "2021-12-31"),
        (2021, "Alpha", 7, 2, "2021-01-01", "2021-12-30"),
        (2022, "Alpha", 31, 11, "2022-01-01", "2022-10-03"),
        (2023, "Alpha", 6, 2, "2023-03-01", "2023-12-31"),
    ],
    columns=["year", "counter", "missiles", "launch_events_count", "period_start", "period_end"],
).astype({"period_start": "datetime64[ns]", "period_end": "datetime64[ns]"})
sample_missiles


# %% nbgrader={"grade": false, "grade_id": "whole-years", "locked": false, "schema_version": 3, "solution": true, "task": false}
def whole_years(missiles, counter):
    ### BEGIN SOLUTION
    begin, end = missiles["period_start"], missiles["period_end"]
    whole = (begin.dt.strftime("%m-%d") == "01-01") & (end.dt.strftime("%m-%d") == "12-31")
    kept = missiles[(missiles["counter"] == counter) & whole].dropna(subset=["missiles"])
    return kept.set_index("year")["missiles"]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "whole-years-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("whole-years-check", 6):
    checks.numbers_by(
        checks.call(whole_years, sample_missiles, "Alpha"),
        {2019: 12, 2020: 0},
        'whole_years(sample_missiles, "Alpha")',
        lacking="The keys should be years, a year with 0 missiles stays, and from 1 January to 31 December are 364 days, 365 in a leap year.",
        known_wrong={
            (2019, 5): (
                "You took launch events. The item asks for missiles: a salvo of four is four missiles and one event."
            ),
            (2020, 4): (
                "You joined two counters: the 4 for 2020 is Beta's. Keep the rows of the counter that was asked for."
            ),
            (2019, 27): (
                "You added Alpha and Alpha-plus. They are two counters with two rules: compare the name with `==`."
            ),
            (2019, 15): (
                "You took the counter Alpha-plus for 2019. Its name contains Alpha and is another: compare with `==`."
            ),
            (2020, 2): "You joined two counters for 2020. Keep the rows of the counter that was asked for.",
            (2021, 9): (
                "You took the counter Alpha-plus for 2021. Its name contains Alpha and is another: compare with `==`."
            ),
            (2018, 0): "For 2018 Alpha gives no number of missiles. No number is not zero: leave the year out.",
            (2018, 3): (
                "For 2018 Alpha gives launch events and no missiles. One does not stand for the other: leave the year out."
            ),
            (2022, 31): "Alpha's 2022 ends on 3 October. Part of a year is no year: look at `period_end`.",
            (2021, 7): (
                "Alpha's 2021 ends on 30 December: one day short of a whole year. Look at both edges of the period."
            ),
            (2023, 6): "Alpha's 2023 begins on 1 March. Look at `period_start` too.",
        },
    )
    checks.numbers_by(
        checks.call(whole_years, sample_missiles, "Alpha-plus"),
        {2019: 15, 2021: 9},
        'whole_years(sample_missiles, "Alpha-plus")',
        lacking="For 2019 it gives no number of launch events; that is no reason to leave its missiles out: look for missing values in one "
        "column.",
    )
    checks.numbers_by(
        checks.call(whole_years, sample_missiles[sample_missiles["year"] < 2020], "Alpha"),
        {2019: 12},
        'whole_years(sample_missiles[sample_missiles["year"] < 2020], "Alpha")',
        known_wrong={
            (
                2020,
                0,
            ): "This table ends with 2019, and you looked in all of `sample_missiles`. Use the table that the function is given: `missiles`.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "whole-years-all", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on counters of the whole table.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

all_counts = pd.read_csv(
    "missile_tests.csv",
    parse_dates=["period_start", "period_end"],
    usecols=["id", "year", "counter", "missiles", "launch_events_count", "period_start", "period_end"],
).iloc[::-1]
all_counts.loc[all_counts["id"] == "MT-2017-nti-cns", "period_end"] = pd.Timestamp("2017-12-30")
all_counts.loc[all_counts["id"] == "MT-2014-nti-cns", "period_start"] = pd.Timestamp("2014-02-01")
year_rows = list(zip(*(all_counts[name] for name in ("counter", "year", "missiles", "period_start", "period_end"))))
for one in ("NTI-CNS", "JPN-MOD"):
    expected_years = {
        year: missiles_counted
        for counter_named, year, missiles_counted, begun_on, ended_on in year_rows
        if counter_named == one and missiles_counted >= 0 and (ended_on - begun_on).days >= 364
    }
    checks.numbers_by(checks.call(whole_years, all_counts, one), expected_years, f"whole_years(missiles, {one!r})")
### END HIDDEN TESTS

# %% [markdown]
# ## Item 7. One ministry, two lists, three counts (9 points, 18 minutes; K3)
#
# Seoul's defence ministry keeps two lists of northern acts. `local_provocations.csv` has a row for a *period* with its number of incidents
# (`year_start`, `year_end`, `incidents_count`); only from 2016 on is a period a single year. `cma_violations.csv` has a row for each *breach* of
# the agreement of 2018, with its `date`; several breaches can fall on one day.
#
# Write a function that takes the two tables, a first and a last year, and returns a table with one row for **each** year from the first to the last and the
# columns `year` (or the year as index), `incidents`, `breaches` (entries in the second list) and `breach_days` (different days with at least one entry). A
# year without an entry in the second list has 0 in both of its columns. You may count on it that the first list has a row of its own for each of
# these years.
#
# In the sample below, 2012 has 2 incidents, 3 breaches and 2 breach days; 2011 has 1, 0 and 0.
#
# <details><summary>Hint 1</summary>Make the three columns one by one, each with the year as index, and give the table every year that was asked for.</details>
# <details><summary>Hint 2</summary><code>breaches.groupby(breaches["date"].dt.year)["date"]</code> has <code>.size()</code> for entries and <code>.nunique()</code> for
# different days.</details>
# <details><summary>Hint 3</summary><code>.reindex(range(first, last + 1), fill_value=0)</code> writes 0 where a year is missing.</details>

# %% tags=["tests-only", "run-once"] nbgrader={"grade": false, "grade_id": "sample-lists", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample_provocations = pd.DataFrame(
    {
        "period": ["2000s", "2010", "2011", "2012", "2013"],
        "year_start": [2000, 2010, 2011, 2012, 2013],
        "year_end": [2009, 2010, 2011, 2012, 2013],
        "incidents_count": [90, 4, 1, 2, 0],
    }
)
sample_breaches = pd.DataFrame(
    {
        "id": ["b1", "b2", "b3", "b4", "b5"],
        "date": pd.to_datetime(["2013-05-02", "2012-10-14", "2012-10-14", "2012-11-14", "2014-01-01"]),
    }
)
display(sample_provocations, sample_breaches)


# %% nbgrader={"grade": false, "grade_id": "three-counts", "locked": false, "schema_version": 3, "solution": true, "task": false}
def three_counts(provocations, breaches, first, last):
    ### BEGIN SOLUTION
    single = provocations[provocations["year_start"] == provocations["year_end"]].set_index("year_start")
    by_year = breaches.groupby(breaches["date"].dt.year)["date"]
    asked = pd.RangeIndex(first, last + 1, name="year")
    return pd.DataFrame(
        {
            "incidents": single["incidents_count"].reindex(asked),
            "breaches": by_year.size().reindex(asked, fill_value=0),
            "breach_days": by_year.nunique().reindex(asked, fill_value=0),
        }
    )
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "three-counts-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import pandas as pd

from military_diplomacy import checks

with checks.item("three-counts-check", 4):
    checks.table(
        checks.call(three_counts, sample_provocations, sample_breaches, 2012, 2013),
        pd.DataFrame({"year": [2012, 2013], "incidents": [2, 0], "breaches": [3, 1], "breach_days": [2, 1]}),
        "three_counts(sample_provocations, sample_breaches, 2012, 2013)",
        key="year",
        lacking="Each year from the first to the last has a row, the last included: `range(first, last + 1)`.",
        known_wrong={
            (2012, "breaches", 4): "You counted the entries of all the years for each of them. Count year by year.",
            (2012, "breaches", 5): "You counted the whole second list for each year. Count year by year.",
            (2012, "breach_days", 1): "14 October and 14 November are two days: compare whole dates.",
            (
                2012,
                "incidents",
                1,
            ): "You counted rows of the first list. Its column `incidents_count` holds the number.",
            (2012, "incidents", 0): (
                "The first list has 2 incidents for 2012. Does the function use the tables in its brackets, and is each year joined to its own row?"
            ),
            (2012, "breach_days", 3): (
                "You counted the entries of 2012 as days. Two of them fall on one day: count different days."
            ),
            (2012, "breaches", 2): (
                "You counted different days of 2012 as breaches. Every entry is a breach: count rows."
            ),
            (2012, "incidents", 6): (
                "You added the 2 incidents of 2012 once for every breach. Count each list by itself, then join."
            ),
        },
    )
    one_more = sample_provocations.assign(incidents_count=sample_provocations["incidents_count"] + 1)
    checks.table(
        checks.call(three_counts, one_more, sample_breaches.iloc[:1:-1], 2012, 2012),
        pd.DataFrame({"year": [2012], "incidents": [3], "breaches": [2], "breach_days": [2]}),
        "three_counts(one_more, sample_breaches.iloc[:1:-1], 2012, 2012)",
        key="year",
        known_wrong={
            (2012, "incidents", 2): (
                "In this first list every number is one higher, and you took the one in `sample_provocations`. Use the tables that the function "
                "is given."
            ),
            (2012, "breaches", 3): (
                "This second list begins with b3, and you counted in all of `sample_breaches`. Use the tables that the function is given."
            ),
        },
    )

# %% nbgrader={"grade": true, "grade_id": "three-counts-zero", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import pandas as pd

from military_diplomacy import checks

with checks.item("three-counts-zero", 3):
    checks.table(
        checks.call(three_counts, sample_provocations, sample_breaches, 2010, 2012),
        pd.DataFrame(
            {"year": [2010, 2011, 2012], "incidents": [4, 1, 2], "breaches": [0, 0, 3], "breach_days": [0, 0, 2]}
        ),
        "three_counts(sample_provocations, sample_breaches, 2010, 2012)",
        key="year",
        lacking="Each year from the first to the last has a row, the last included, also one without a breach. Counting the rows of the second list leaves it out, and so does a join "
        'without `how="left"`.',
        known_wrong={
            (2010, "breaches", None): (
                "The year 2010 has no entry in the list of breaches: that is 0 and not a missing value."
            ),
            (2011, "breaches", None): (
                "The year 2011 has no entry in the list of breaches: that is 0 and not a missing value."
            ),
            (2013, "breaches", 1): "You kept 2013. The table ends with the last year that was asked for.",
            (2000, "incidents", 90): (
                "You took the ten years from 2000 to 2009 as the year 2000. Keep the years that were asked for."
            ),
        },
    )

# %% nbgrader={"grade": true, "grade_id": "three-counts-all", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on the two lists themselves.
### BEGIN HIDDEN TESTS
import pandas as pd

from military_diplomacy import checks

one_list = pd.read_csv("local_provocations.csv", usecols=["period", "year_start", "year_end", "incidents_count"])
one_list["incidents_count"] += 3  # so that the table loaded above will not do
other_list = pd.read_csv("cma_violations.csv", parse_dates=["date"], usecols=["id", "date"])
other_list.loc[other_list["id"] == "CV-15", "date"] = pd.Timestamp("2022-12-14")  # in October there is a 14th too
other_list = other_list.iloc[:0:-1]  # from the last to the second
lines, incidents_in = [], dict(zip(one_list["year_start"], one_list["incidents_count"]))
breach_dates = list(other_list["date"])
for year in range(2019, 2023):
    days_of_breach = [day for day in breach_dates if day.year == year]
    lines.append(
        {
            "year": year,
            "incidents": incidents_in[year],
            "breaches": len(days_of_breach),
            "breach_days": len(set(days_of_breach)),
        }
    )
checks.table(
    checks.call(three_counts, one_list, other_list, 2019, 2022),
    pd.DataFrame(lines),
    "three_counts(provocations, breaches, 2019, 2022)",
    key="year",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Item 8. Criticism of a sentence (8 points, 12 minutes; K3)
#
# An invented sentence, from numbers that stand in `missile_tests.csv`: *"In 2022 North Korea fired 99 missiles, four times its earlier record of 25
# in 2019."*
#
# In about 120 words: find the two numbers in the table; say what is wrong with the comparison, by the counting rules; say which comparison of
# 2022 with an earlier year the table does bear, with its counter; and write the sentence anew so that it is true.
#
# <details><summary>Hint 1</summary>Show the rows of 2019 and 2022: <code>missiles[missiles["year"].isin([2019, 2022])]</code>. Who gives 99, who gives 25?</details>
# <details><summary>Hint 2</summary>Read <code>counting_rule</code> and <code>note</code> in those rows. Does each counter count the same kinds of missile, and the whole year?</details>
# <details><summary>Hint 3</summary>Which counters have a number of missiles for 2022 and for an earlier year as well? There is more than one.</details>

# %% [markdown] nbgrader={"grade": true, "grade_id": "criticism", "locked": false, "points": 8, "schema_version": 3, "solution": true, "task": false}
# The 99 is the count of CSIS for 2022, which includes more types of missile; the 25 is the Japanese ministry's count of ballistic missiles in
# 2019, "at least". Two counters, two rules: the quotient of their numbers measures the difference of rules together with the change. Within
# one counter the table bears two comparisons. By the Japanese ministry at least 25 in 2019 and at least 59 in 2022: more than twice. By CSIS 24 in
# 2017 and 99 in 2022, about four times. The NTI-CNS row of 2022 ends on 3 October, and its full-year figure leaves failures out, so neither can be set
# against that database's earlier years. True would be: "By the Japanese ministry's count North Korea fired at least 59 ballistic missiles in
# 2022, more than twice its earlier record of 25 in 2019; other counters give other numbers."

# %% [markdown]
# Mark yourself now that you have written, criterion by criterion: which sentence describes your text?
# <!-- rubric: criticism -->

# %% [markdown]
# ## A model: when does a step build trust?
#
# The rest but the last item works with the chapter's model of reassurance (after Kydd 2000, 10.1162/002081800551190; the splitting of the stake is
# the course's own simplification). A state holds a *belief*: the probability, 0 to 1, that the other side is *secure*, which means that it would rather
# co-operate than exploit. A *greedy* side would rather exploit. Two functions:
#
# - `reassurance.posterior(prior, kept, error=0.0)`: the belief after so many steps that were seen as kept. `error` is the share of steps that are
#   seen wrongly. What stands here with `=` is handed over by its name: `reassurance.posterior(0.3, 2, error=0.1)`.
# - `reassurance.trust_threshold(stake=1.0)`: the least belief at which a secure state dares a step that puts the share `stake`, 0 to 1, of all that is
#   at issue at risk. With everything at stake it is 2/3.
#
# Move the controls to get a feeling for them. `help(reassurance.posterior)` says more.

# %% tags=["screen-only"] nbgrader={"grade": false, "grade_id": "look-model", "locked": true, "schema_version": 3, "solution": false, "task": false}
prior_control = ipywidgets.FloatSlider(description="Prior", min=0.05, max=0.95, step=0.05, value=0.3)
kept_control = ipywidgets.IntSlider(description="Steps kept", min=0, max=10, value=1)
error_control = ipywidgets.FloatSlider(description="Error", min=0.0, max=0.45, step=0.05, value=0.0)


def show_belief(prior, kept, error):
    belief = reassurance.posterior(prior, kept, error=error)
    print(f"belief {prior:.2f} → {belief:.3f}; needed with everything at stake: {reassurance.trust_threshold():.3f}")


display(
    ipywidgets.VBox([prior_control, kept_control, error_control]),
    ipywidgets.interactive_output(show_belief, {"prior": prior_control, "kept": kept_control, "error": error_control}),
)

# %% [markdown]
# ## Item 9. How many kept steps? (7 points, 15 minutes; K4)
#
# Write a function that takes a prior belief and an error and returns the smallest whole number of kept steps after which the belief is at least
# `reassurance.trust_threshold()`. Where the prior is there already, that is 0. The error is always below 0.5. Any way to the number is welcome.
#
# From 0.30 and without error it is 2: one step brings 0.533, two bring 0.753. With worse observation it takes more.
#
# <details><summary>Hint 1</summary>Try 0 steps, 1, 2, 3 … and stop at the first that is enough.</details>
# <details><summary>Hint 2</summary>A loop that runs as long as something is so: <code>while reassurance.posterior(…) &lt; …:</code>, and in it one step
# more.</details>
# <details><summary>Hint 3</summary>Begin with <code>steps = 0</code>; in the loop <code>steps = steps + 1</code>; after it <code>return steps</code>. The error is
# handed over by name: <code>error=error</code>.</details>


# %% nbgrader={"grade": false, "grade_id": "steps-needed", "locked": false, "schema_version": 3, "solution": true, "task": false}
def steps_needed(prior, error):
    ### BEGIN SOLUTION
    kept = 0
    while reassurance.posterior(prior, kept, error=error) < reassurance.trust_threshold():
        kept += 1
    return kept
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "steps-needed-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("steps-needed-check", 4):
    checks.whole_number(
        checks.call(steps_needed, 0.3, 0.0),
        2,
        "steps_needed(0.3, 0.0)",
        known_wrong={
            1: "One kept step brings the belief to 0.533, which is below 2/3. Do you stop one step too early?",
            3: "Two kept steps bring the belief to 0.753, which is enough. Do you go one step too far?",
        },
    )
    checks.whole_number(
        checks.call(steps_needed, 0.3, 0.2),
        3,
        "steps_needed(0.3, 0.2)",
        known_wrong={
            2: "With a fifth of the steps seen wrongly two are not enough. Is the error handed over, `error=error`? Does every call "
            "begin from the prior that the function was given, and does the search go on after two?"
        },
    )
    checks.whole_number(checks.call(steps_needed, 0.3, 0.4), 8, "steps_needed(0.3, 0.4)")

# %% nbgrader={"grade": true, "grade_id": "steps-needed-zero", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("steps-needed-zero", 2):
    checks.whole_number(
        checks.call(steps_needed, 0.7, 0.1),
        0,
        "steps_needed(0.7, 0.1)",
        known_wrong={
            1: "A belief of 0.7 is above 2/3 before any step: the smallest number is 0. Does your loop begin with 0?"
        },
    )

# %% nbgrader={"grade": true, "grade_id": "steps-needed-all", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on other priors and errors.
### BEGIN HIDDEN TESTS
from military_diplomacy import checks
from military_diplomacy.models import reassurance

for prior_belief in (0.08, 0.45, 0.64, 0.9):
    for seen_wrongly in (0.0, 0.13, 0.35):
        least = 0
        while reassurance.posterior(prior_belief, least, error=seen_wrongly) < reassurance.trust_threshold():
            least += 1
        checks.whole_number(
            checks.call(steps_needed, prior_belief, seen_wrongly),
            least,
            f"steps_needed({prior_belief}, {seen_wrongly})",
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Item 10. Large enough to tell, small enough to dare (9 points, 20 minutes; K4)
#
# A step that a greedy side would copy tells nothing, and a step that nobody dares is not taken. Two functions give the edges:
#
# - `reassurance.screening_stake(temptation_greedy=1.4)`: the least stake at which a greedy side no longer copies the step. `temptation_greedy` is
#   what exploiting is worth to it, where co-operation is worth 1; it is handed over by its name.
# - `reassurance.trust_threshold(stake)`: as above. A state with belief `trust` dares the step when `trust` is at least this. The threshold rises with the
#   stake.
#
# Write a function that takes `trust` and `temptation_greedy` and returns the least and the largest stake, 0 to 1, of a step that the state **dares** and the
# greedy side **would not copy**: two numbers, in this order, right to 0.002. If there is no such step, return `None`.
#
# For a trust of 0.6 and a temptation of 1.4 the answer is 0.714 and 0.900; for 0.9 and 1.8 it is 0.636 and 1. For a trust of 0.4 and a temptation
# of 1.4 there is none.
#
# <details><summary>Hint 1</summary>The lower edge is given by one of the two functions. The upper edge is the largest stake that is dared.</details>
# <details><summary>Hint 2</summary>Try the stakes 0, 0.001, 0.002 … 1 and keep the largest whose threshold is not above <code>trust</code>. There is no such step when the upper edge lies
# below the lower one.</details>
# <details><summary>Hint 3</summary><code>[n / 1000 for n in range(1001)]</code> are the stakes;
# <code>[s for s in stakes if …]</code> keeps those for which something holds; <code>max(…)</code> takes the largest.</details>


# %% nbgrader={"grade": false, "grade_id": "step-window", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_window(trust, temptation_greedy):
    ### BEGIN SOLUTION
    lowest = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    dared = [n / 1000 for n in range(1001) if reassurance.trust_threshold(n / 1000) <= trust + 1e-9]
    return (lowest, max(dared)) if max(dared) >= lowest else None
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "step-window-check", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("step-window-check", 4):
    checks.sequence(
        checks.call(step_window, 0.6, 1.4),
        (0.714, 0.9),
        "step_window(0.6, 1.4)",
        tolerance=0.003,
        known_wrong={
            (0.9, 0.714): "The two edges have changed places: the item asks for the least stake first.",
            (0.714, 1.0): (
                "You left out whether the state dares the step: with everything at stake it would need a trust of 0.667."
            ),
            (0.714, 0.6): (
                "The trust is a belief and no stake. Ask for which stakes `trust_threshold(stake)` is at most 0.6."
            ),
            (0.714, 0.4): (
                "That is the threshold for a stake of 0.6. Ask the other way round: for which stakes is it at most 0.6?"
            ),
            (0.8, 0.8): "Stakes of 0.0, 0.1, 0.2 … are too coarse: the edges should be right to 0.002.",
            (0.8, 0.9): "Stakes of 0.0, 0.1, 0.2 … are too coarse: the edges should be right to 0.002.",
            (0.714, 0.89): "Stakes of 0.00, 0.01, 0.02 … are too coarse: the edges should be right to 0.002.",
            (0.72, 0.9): "The lower edge is too coarse: `screening_stake` gives it exactly.",
            (0.0, 0.9): "You left out the greedy side: it copies small steps, so that these tell nothing.",
            (0.0, 0.714): "Those are the steps that the greedy side copies. Asked for are those that it does not copy.",
            None: (
                "At a trust of 0.6 there are such steps. Is your upper edge the largest stake whose threshold is not above `trust`, and "
                "not the trust itself or the threshold of the trust? And does the function end with `return`?"
            ),
        },
    )
    checks.sequence(
        checks.call(step_window, 0.9, 1.8),
        (0.636, 1.0),
        "step_window(0.9, 1.8)",
        tolerance=0.003,
        known_wrong={
            (0.636, 1.35): "A stake is a share of the whole and never above 1.",
            (0.714, 1.0): "Those are the edges for a temptation of 1.4. Hand over the one that the function is given.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "step-window-none", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import checks

with checks.item("step-window-none", 2):
    checks.nothing(
        checks.call(step_window, 0.4, 1.4),
        "step_window(0.4, 1.4)",
        otherwise="At a trust of 0.4 no stake above 0.6 is dared, and below 0.714 the greedy copy: no step lies between. Then `return None`.",
    )

# %% nbgrader={"grade": true, "grade_id": "step-window-all", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on other beliefs and temptations.
### BEGIN HIDDEN TESTS
from bisect import bisect_right

from military_diplomacy import checks
from military_diplomacy.models import reassurance

for belief_held, temptation in ((0.2, 2.0), (0.42, 4.0), (0.45, 2.0), (0.66, 1.15)):
    thousandths = bisect_right(range(1001), belief_held + 1e-9, key=lambda n: reassurance.trust_threshold(n / 1000))
    most_stake = (thousandths - 1) / 1000
    least_stake = reassurance.screening_stake(temptation_greedy=temptation)
    tried_window = f"step_window({belief_held}, {temptation})"
    if most_stake >= least_stake:
        checks.sequence(
            checks.call(step_window, belief_held, temptation),
            (least_stake, most_stake),
            tried_window,
            tolerance=0.003,
        )
    else:
        checks.nothing(checks.call(step_window, belief_held, temptation), tried_window)
### END HIDDEN TESTS

# %% [markdown]
# ## Item 11. Ten small steps or one large one? (8 points, 10 minutes; K4)
#
# A state believes at 0.40 that the other side is secure. Two offers: **ten** steps that each put a tenth of the whole at risk, or **one** step that puts three
# quarters at risk. All steps that are taken are kept, and seen rightly. Before you compute, guess which of the two brings the higher belief.
#
# `reassurance.imitation_rate(stake)` says how often a *greedy* side keeps steps of that stake (a secure side keeps 0.8 of any). Hand it to
# `reassurance.posterior(prior, kept, rate_greedy=…)`. Then answer with the controls: the two beliefs, right to 0.005; your verdict; and every reason that holds
# in the model.
#
# <details><summary>Hint 1</summary>Print <code>reassurance.imitation_rate(0.1)</code> and <code>reassurance.imitation_rate(0.75)</code> in a cell of your own.</details>
# <details><summary>Hint 2</summary>What does a sign tell that both kinds give equally often?</details>
# <details><summary>Hint 3</summary>For each reason ask whether you can point to a number of the model that says it.</details>

# %% tags=["screen-only"] nbgrader={"grade": false, "grade_id": "ten-steps", "locked": true, "schema_version": 3, "solution": false, "task": false}
answers.Form(
    "case-korea-answers.json",
    "ten-steps",
    {
        "belief-ten": answers.number("After ten steps"),
        "belief-one": answers.number("After one step"),
        "verdict": answers.one_of(
            "Verdict",
            {
                "ten": "the ten small steps bring the higher belief",
                "one": "the one large step brings the higher belief",
                "same": "both bring the same belief, for the whole at risk is about the same",
            },
        ),
        "because": answers.some_of(
            "Because",
            {
                "sum": "ten tenths put as much at risk as one large step, so they tell as much",
                "copied": "the greedy keep small steps as often as the secure do",
                "repeated": "every kept step raises the belief, so more steps always raise it more",
                "costly": "at three quarters the greedy keep the step less often than the secure",
                "willing": "the secure keep large steps more often than small ones",
                "prior": "whoever begins below one half cannot be convinced by conduct",
            },
        ),
    },
)

# %% nbgrader={"grade": true, "grade_id": "ten-steps-ten", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import answers, checks
from military_diplomacy.models import reassurance

with checks.item("ten-steps-ten", 3):
    small = reassurance.imitation_rate(0.1)
    checks.number(
        answers.read("case-korea-answers.json", "ten-steps", "belief-ten"),
        reassurance.posterior(0.4, 10, rate_greedy=small),
        "the belief after ten steps of a tenth",
        tolerance=0.005,
        known_wrong={
            reassurance.posterior(
                0.4, 10
            ): "You let the greedy keep small steps less often than the secure. How often do they keep "
            "steps of 0.1? Hand `imitation_rate(0.1)` over as `rate_greedy`.",
            1: "You let the greedy keep small steps less often than the secure. Hand `imitation_rate(0.1)` over as `rate_greedy`.",
            40: "A belief is a share from 0 to 1, not a percentage.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "ten-steps-one", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
from military_diplomacy import answers, checks
from military_diplomacy.models import reassurance

with checks.item("ten-steps-one", 3):
    large = reassurance.imitation_rate(0.75)
    checks.number(
        answers.read("case-korea-answers.json", "ten-steps", "belief-one"),
        reassurance.posterior(0.4, 1, rate_greedy=large),
        "the belief after one step of three quarters",
        tolerance=0.005,
        known_wrong={
            0.4: "At a stake of 0.75 the greedy keep the step less often than the secure: hand `imitation_rate(0.75)` over as "
            "`rate_greedy`, and `kept` is 1.",
            64: "A belief is a share from 0 to 1, not a percentage.",
        },
    )

# %% nbgrader={"grade": true, "grade_id": "ten-steps-why", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your verdict and your reasons are marked here, together.
### BEGIN HIDDEN TESTS
from military_diplomacy import answers, checks

checks.choice(answers.read("case-korea-answers.json", "ten-steps", "verdict"), "one", "the verdict")
checks.choices(answers.read("case-korea-answers.json", "ten-steps", "because"), ["copied", "costly"], "the reasons")
### END HIDDEN TESTS

# %% [markdown]
# ## Item 12. Memo: when did the 2018 agreement end? (12 points, 20 minutes; K1, K2)
#
# You advise a minister who wants to say in a speech how long the military agreement of 2018 lasted. In 200 to 300 words: name the
# date that you would have the minister use and say whose act it is; give the strongest reason for another date; and say what the
# minister must not conclude from the number of days, and what evidence it would take. Name a row of `korea_events.csv` (by its `id`) for every date.
#
# <details><summary>Hint 1</summary>Decide first when an agreement between two sides ends: when one of them says so, when both have, or when the duties are no longer
# kept.</details>
# <details><summary>Hint 2</summary>A length needs a beginning too: signature or effect? The rows of item 1 are a good place to begin; <i>Look
# around</i> gives their <code>id</code>.</details>
# <details><summary>Hint 3</summary>What would have happened at the line without the agreement? Say what you would have to compare to know.</details>

# %% [markdown] nbgrader={"grade": true, "grade_id": "memo", "locked": false, "points": 12, "schema_version": 3, "solution": true, "task": false}
# I would use 23 November 2023 (KE-2023-11-23-renounce) and say that it is Pyongyang's date. The agreement was signed on 19
# September 2018 (KE-2018-09-19-cma) but bound the forces from 1 November 2018 (KE-2018-11-01-halt), so I count from there: 1,848
# days. An agreement between two sides is in effect while both accept it; from that day one of them openly did not, and its
# soldiers rearmed the guard posts (KE-2023-11-24-gps).
#
# The strongest reason for another date is that Seoul suspended the whole only on 4 June 2024 (KE-2024-06-04-full): if a state is
# bound until it says otherwise, that is the date for the duties of the South. Against it stands 8 January 2024
# (KE-2024-01-08-bufferzones), when Seoul's own Joint Chiefs declared the buffer zones gone; the later act confirmed what was
# done already. 22 November 2023 (KE-2023-11-22-partial) ended one clause and not the agreement.
#
# The minister must not conclude that the agreement worked for five years, or that it failed because it ended. Its length shows
# how long both sides found it worth keeping. Whether it prevented incidents is another question: it would need incidents at
# the line of contact before and during those years, counted in the same way, and a comparison with a stretch of border or of
# time in which relations were as good and no such rules applied.

# %% [markdown]
# Mark yourself now that you have written.
# <!-- rubric: memo -->

# %% [markdown]
# ## Where you stand
#
# After *Kernel → Restart Kernel and Run All Cells* this table shows which visible checks passed.

# %% tags=["screen-only"] nbgrader={"grade": false, "grade_id": "score", "locked": true, "schema_version": 3, "solution": false, "task": false}
checks.provisional_score(
    {
        "1 What kind of act?": {"acts-check": 4, "hidden": 4},
        "2 What happened in a year?": {"counts-by-kind-check": 6, "hidden": 2},
        "3 How old was the last agreement?": {
            "days-since-agreement-check": 5,
            "days-since-agreement-none": 2,
            "hidden": 2,
        },
        "4 Which exercises took place?": {"exercise-record-check": 6, "hidden": 1},
        "5 Tests before and after an exercise": {"tests-around-check": 6, "hidden": 2},
        "6 One counter's whole years": {"whole-years-check": 6, "hidden": 1},
        "7 One ministry, two lists, three counts": {"three-counts-check": 4, "three-counts-zero": 3, "hidden": 2},
        "8 Criticism of a sentence": {"marker": 8},
        "9 How many kept steps?": {"steps-needed-check": 4, "steps-needed-zero": 2, "hidden": 1},
        "10 Large enough to tell, small enough to dare": {"step-window-check": 4, "step-window-none": 2, "hidden": 3},
        "11 Ten small steps or one large one?": {"ten-steps-ten": 3, "ten-steps-one": 3, "hidden": 2},
        "12 Memo: when did the 2018 agreement end?": {"marker": 12},
    }
)
