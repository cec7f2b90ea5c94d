# ---
# title: "Case Korea: agreements and withdrawals, 2018 to 2024"
# tables: [korea_events]
# ---

# %% [markdown]
# # Case Korea: agreements and withdrawals, 2018 to 2024
#
# Three items, 40 points, about 75 minutes. Read the chapter *The Korean Peninsula* first.
#
# Items 1 and 2 are marked by machine. Below each of them stands a cell that checks what you can see through for yourself;
# run it as often as you like. A second cell, empty here, tries your answer on the whole table when it is graded. Item 3 is
# a memo and is marked by a person, with the rubric printed below it.
#
# Write only where it says `YOUR CODE HERE` or `YOUR ANSWER HERE`. When you are done, choose *Kernel → Restart Kernel and Run
# All Cells*, then *Validate*.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import pandas as pd

from military_diplomacy import checks

events = pd.read_csv("korea_events.csv", parse_dates=["date"])
events[["id", "date", "kind", "title", "actors"]].head()

# %% [markdown]
# The file `korea_events.csv` lies beside this notebook. One row is one event. You need four of its columns:
#
# | column | meaning |
# | --- | --- |
# | `id` | name of the event, for example `KE-2023-11-23-renounce` |
# | `date` | its day |
# | `kind` | `agreement`, `talks`, `exercise`, `test`, `incident` or `withdrawal` |
# | `actors` | who took part, as three-letter codes with a space between: `KOR` South Korea, `PRK` North Korea, `USA` … |
#
# The checks below use a small table of five rows, so that you can work out the right answer by eye:

# %% nbgrader={"grade": false, "grade_id": "sample", "locked": true, "schema_version": 3, "solution": false, "task": false}
sample = pd.DataFrame(
    [
        ("A", "2018-09-19", "agreement", "KOR PRK"),
        ("B", "2018-11-01", "agreement", "KOR PRK"),
        ("C", "2019-05-04", "test", "PRK"),
        ("D", "2019-06-30", "agreement", "KOR USA"),
        ("E", "2019-07-09", "withdrawal", "PRK KOR"),
    ],
    columns=["id", "date", "kind", "actors"],
).astype({"date": "datetime64[ns]"})
sample

# %% [markdown]
# ## Item 1. What happened in a year? (10 points, 15 minutes)
#
# Write a function that takes a table of events and a year, and returns how many events of each kind the table holds for that
# year. A dictionary will do, and so will a pandas Series. A kind without an event in that year may be left out or counted as 0.
#
# In the sample, 2019 holds one test, one agreement and one withdrawal.
#
# <details><summary>Hint 1</summary>Keep the rows of the year first, then count.</details>
# <details><summary>Hint 2</summary><code>events["date"].dt.year</code> gives the year of every row.</details>
# <details><summary>Hint 3</summary>A column has a method <code>value_counts()</code>.</details>


# %% nbgrader={"grade": false, "grade_id": "counts-by-kind", "locked": false, "schema_version": 3, "solution": true, "task": false}
def counts_by_kind(events, year):
    ### BEGIN SOLUTION
    in_year = events[events["date"].dt.year == year]
    return in_year["kind"].value_counts()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "counts-by-kind-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
checks.counts(
    checks.call(counts_by_kind, sample, 2018),
    {"agreement": 2},
    "counts_by_kind(sample, 2018)",
    known_wrong={
        (
            ("agreement", 3),
            ("test", 1),
            ("withdrawal", 1),
        ): "You counted the rows of both years. Keep the rows of the year that was asked for, then count.",
    },
)
checks.counts(
    checks.call(counts_by_kind, sample, 2019),
    {"test": 1, "agreement": 1, "withdrawal": 1},
    "counts_by_kind(sample, 2019)",
)

# %% nbgrader={"grade": true, "grade_id": "counts-by-kind-all", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on every year of the whole table.
### BEGIN HIDDEN TESTS
counted_by_year = {year: events.loc[events["date"].dt.year.eq(year), "kind"].to_list() for year in range(2018, 2025)}
for year, kinds_in_year in counted_by_year.items():
    checks.counts(
        checks.call(counts_by_kind, events.copy(), year),
        {kind: kinds_in_year.count(kind) for kind in set(kinds_in_year)},
        f"counts_by_kind(events, {year})",
    )
checks.counts(checks.call(counts_by_kind, events.head(0).copy(), 2018), {}, "counts_by_kind of a table without rows")
### END HIDDEN TESTS

# %% [markdown]
# ## Item 2. How old was the last agreement? (15 points, 25 minutes)
#
# Write a function that takes a table of events and the `id` of one withdrawal, and returns a whole number: the days from the
# **latest earlier agreement between the two Koreas** to that withdrawal. An agreement is between the two Koreas when both `KOR`
# and `PRK` are among its actors, whoever else is. *Earlier* means on an earlier day. The rows may stand in any order. If there is
# no such agreement, return `None`.
#
# In the sample, the answer for `"E"` is 250: from B, 1 November 2018, to 9 July 2019. Why is it not 9?
#
# <details><summary>Hint 1</summary>Three steps: find the day of the withdrawal; keep the agreements that count; take the latest.</details>
# <details><summary>Hint 2</summary><code>events["actors"].str.contains("PRK")</code> is true where the North took part.</details>
# <details><summary>Hint 3</summary>One day minus another gives a length of time; its <code>.days</code> is the number.</details>


# %% nbgrader={"grade": false, "grade_id": "days-since-agreement", "locked": false, "schema_version": 3, "solution": true, "task": false}
def days_since_agreement(events, withdrawal_id):
    ### BEGIN SOLUTION
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    both_koreas = events["actors"].str.contains("KOR") & events["actors"].str.contains("PRK")
    earlier = events[(events["kind"] == "agreement") & both_koreas & (events["date"] < day)]
    return None if earlier.empty else (day - earlier["date"].max()).days
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-check", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
checks.whole_number(
    checks.call(days_since_agreement, sample, "E"),
    250,
    'days_since_agreement(sample, "E")',
    known_wrong={
        9: "You counted from event D. Its actors are KOR and USA: it is an agreement, and not one between the two Koreas.",
        293: "You counted from event A, the first agreement. The latest earlier one is B.",
        -250: "The number is right and its sign is not: take the later day minus the earlier one.",
    },
)

# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-all", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on every withdrawal of the whole table.
### BEGIN HIDDEN TESTS
both_koreas_act = events["actors"].map(lambda codes: {"KOR", "PRK"} <= set(codes.split()))
between_koreas = events[(events["kind"] == "agreement") & both_koreas_act]
for withdrawal in events[events["kind"] == "withdrawal"].itertuples():
    agreed_before = between_koreas.loc[between_koreas["date"] < withdrawal.date, "date"].max()
    checks.whole_number(
        checks.call(days_since_agreement, events.iloc[::-1].copy(), withdrawal.id),
        (withdrawal.date - agreed_before).days,
        f"days_since_agreement(events, {withdrawal.id!r})",
    )
checks.nothing(
    checks.call(days_since_agreement, sample[sample["id"].isin(["C", "D", "E"])].copy(), "E"),
    "days_since_agreement of a table without an agreement between the two Koreas",
)
### END HIDDEN TESTS

# %% [markdown]
# ## Item 3. Memo: when did the 2018 agreement end? (15 points, 35 minutes)
#
# You advise a minister who wants to say in a speech how long the military agreement of 2018 lasted. In 200 to 300 words: name the
# date that you would have the minister use and say whose act it is; give the strongest reason for another date; and say what the
# minister must not conclude from the number of days. Name a row of the table (by its `id`) for every date.
# <!-- rubric: memo -->

# %% [markdown] nbgrader={"grade": true, "grade_id": "memo", "locked": false, "points": 15, "schema_version": 3, "solution": true, "task": false}
# I would use 23 November 2023 (KE-2023-11-23-renounce) and say that it is Pyongyang's date. The agreement was signed on 19
# September 2018 (KE-2018-09-19-cma) but bound the forces from 1 November 2018 (KE-2018-11-01-halt), so I count from there: 1,848
# days. An agreement between two sides is in effect while both accept it; from that day one of them openly did not, and its
# soldiers rearmed the guard posts (KE-2023-11-24-gps).
#
# The strongest reason for another date is that Seoul suspended the rest only on 4 June 2024 (KE-2024-06-04-full) and had kept its
# own soldiers bound for those six months. For the duties of the South that date is right, and the minister should use it if the
# speech is about what South Korean forces were allowed to do. The day before Pyongyang's statement, 22 November 2023
# (KE-2023-11-22-partial), ended one clause and not the agreement.
#
# The minister must not conclude that the agreement worked for five years, or that it failed because it ended. Its length shows
# how long both sides found it worth keeping. Whether it prevented incidents is another question: it would need incidents at
# the line of contact before and during those years, counted in the same way, and a comparison with a stretch of border or of
# time in which relations were as good and no such rules applied.
