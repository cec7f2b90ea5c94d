# ---
# title: "Case Korea: agreements and withdrawals, 1994 to 2024"
# points: 40
# minutes: 90
# tables: [korea_events]
# ---

# %% [markdown]
# # Case Korea: agreements and withdrawals, 1994 to 2024
#
# Three items, 40 points, about 90 minutes. Read the chapter *The Korean Peninsula* first.
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
# | `kind` | `agreement` (a text signed or taking effect, or a measure carried out under one), `talks`, `exercise`, `test`, `incident` or `withdrawal` |
# | `actors` | who took part, as three-letter codes with a space between: `KOR` South Korea, `PRK` North Korea, `USA` … |
#
# The checks below use a small table of eleven invented rows, in no order, so that you can work out the right answer by eye:

# %% nbgrader={"grade": false, "grade_id": "sample", "locked": true, "schema_version": 3, "solution": false, "task": false}
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
# In the sample, 2018 holds two agreements and one withdrawal. The year comes as a number, such as `2018`.
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
    {"agreement": 2, "withdrawal": 1},
    "counts_by_kind(sample, 2018)",
    known_wrong={
        (
            ("agreement", 6),
            ("talks", 1),
            ("test", 1),
            ("withdrawal", 3),
        ): "You counted the rows of all years. Keep the rows of the year that was asked for, then count.",
    },
)
checks.counts(
    checks.call(counts_by_kind, sample, 2019),
    {"agreement": 3, "talks": 1, "test": 1, "withdrawal": 1},
    "counts_by_kind(sample, 2019)",
)

# %% nbgrader={"grade": true, "grade_id": "counts-by-kind-all", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on every year of the whole table.
### BEGIN HIDDEN TESTS
counted_by_year = {
    year: events.loc[events["date"].dt.year.eq(year), "kind"].to_list() for year in sorted(set(events["date"].dt.year))
}
for year, kinds_in_year in counted_by_year.items():
    checks.counts(
        checks.call(counts_by_kind, events.copy(), year),
        {kind: kinds_in_year.count(kind) for kind in set(kinds_in_year)},
        f"counts_by_kind(events, {year})",
    )
checks.counts(checks.call(counts_by_kind, events.head(0).copy(), 2018), {}, "counts_by_kind of a table without rows")
### END HIDDEN TESTS

# %% [markdown]
# ## Item 2. How old was the last agreement? (15 points, 40 minutes)
#
# Write a function that takes a table of events and the `id` of one withdrawal, and returns a whole number: the days from the
# **latest earlier agreement between the two Koreas** to that withdrawal. An agreement is between the two Koreas when both `KOR`
# and `PRK` are among its actors, whoever else is. *Earlier* means on an earlier day. The rows may stand in any order. If there is
# no such agreement, return `None`.
#
# In the sample, the answer for `"E"` is 250: from B, 1 November 2018, to 9 July 2019. Why not 9, 8 or 0? For `"I"` it is `None`.
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


# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-check", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
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
checks.whole_number(checks.call(days_since_agreement, sample, "J"), 20, 'days_since_agreement(sample, "J")')

# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-none", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
checks.nothing(checks.call(days_since_agreement, sample, "I"), 'days_since_agreement(sample, "I")')

# %% nbgrader={"grade": true, "grade_id": "days-since-agreement-all", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# When this notebook is graded, your function is tried here on every withdrawal of the whole table and of other invented ones.
### BEGIN HIDDEN TESTS
stretched = sample.assign(date=pd.Timestamp("2010-01-01") + 3 * (sample["date"] - sample["date"].min())).sort_values(
    "actors"
)
for tried in (events.iloc[::-1], stretched, stretched.drop(index=stretched.index[stretched["id"] == "B"])):
    both_koreas_act = tried["actors"].map(lambda codes: {"KOR", "PRK"} <= set(codes.split()))
    between_koreas = tried[(tried["kind"] == "agreement") & both_koreas_act]
    for withdrawal in tried[tried["kind"] == "withdrawal"].itertuples():
        agreed_before = between_koreas.loc[between_koreas["date"] < withdrawal.date, "date"]
        found_days = checks.call(days_since_agreement, tried.copy(), withdrawal.id)
        what_was_tried = f"days_since_agreement(…, {withdrawal.id!r})"
        if agreed_before.empty:
            checks.nothing(found_days, what_was_tried)
        else:
            checks.whole_number(found_days, (withdrawal.date - agreed_before.max()).days, what_was_tried)
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
# The strongest reason for another date is that Seoul suspended the whole only on 4 June 2024 (KE-2024-06-04-full): if a state is
# bound until it says otherwise, that is the date for the duties of the South. Against it stands 8 January 2024
# (KE-2024-01-08-bufferzones), when Seoul's own Joint Chiefs declared the buffer zones gone; the later act confirmed what was
# done already. 22 November 2023 (KE-2023-11-22-partial) ended one clause and not the agreement.
#
# The minister must not conclude that the agreement worked for five years, or that it failed because it ended. Its length shows
# how long both sides found it worth keeping. Whether it prevented incidents is another question: it would need incidents at
# the line of contact before and during those years, counted in the same way, and a comparison with a stretch of border or of
# time in which relations were as good and no such rules applied.
