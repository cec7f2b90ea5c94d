# ---
# misconception: counting a column counts the time that was asked for
# expected: {days-since-agreement-check: 5, days-since-agreement-none: 2, days-since-agreement-all: 2}
# message:
#   counts-by-kind-check: "You counted rows of other years too"
#   tests-around-check: "You counted all tests before and after"
#   whole-years-check: "Part of a year is no year"
#   three-counts-check: "which does not belong there"
#   three-counts-zero: "You kept 2013"
# rubric: {memo: {dates: 1, argument: 1, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events[events.id == withdrawal_id].date.max()
    e = events[(events.kind == "agreement") & (events.date < day)]
    e = e[e.actors.apply(lambda a: "KOR" in a and "PRK" in a)]
    if len(e) == 0:
        return None
    return int((day - e.date.max()).days)


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events[events.id == exercise_id].date.max()
    tests = events[events.kind == "test"]
    return len(tests[tests.date < day]), len(tests[tests.date > day])


# %% whole-years
def whole_years(missiles, counter):
    kept = missiles[missiles.counter == counter].dropna(subset=["missiles"])
    return dict(zip(kept.year, kept.missiles))


# %% three-counts
def three_counts(provocations, breaches, first, last):
    year = breaches.date.dt.year.rename("year")
    table = provocations.rename(columns={"year_start": "year", "incidents_count": "incidents"}).set_index("year")
    table["breaches"] = breaches.groupby(year).size()
    table["breach_days"] = breaches.groupby(year)["date"].nunique()
    return table[["incidents", "breaches", "breach_days"]].fillna(0)


# %% [markdown] memo
# The agreement lasted from 19 September 2018 to 23 November 2023, more than five years, so it worked well until the North
# broke it.
