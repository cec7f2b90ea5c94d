# ---
# misconception: what fits the example may stay in the function, though other arguments are handed over
# expected: {days-since-agreement-none: 2, steps-needed-zero: 2, step-window-none: 2}
# message:
#   counts-by-kind-check: "Use the year that the function is given"
#   days-since-agreement-check: "You counted from event A"
#   exercise-record-check: "has a row, also one in which nothing took place"
#   tests-around-check: "Use the number of days that the function is given"
#   three-counts-check: "Does the function use the tables in its brackets"
#   steps-needed-check: "Is the error handed over"
#   step-window-check: "Those are the edges for a temptation of 1.4"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events[events["date"].dt.year == 2018]["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    a = events[(events["kind"] == "agreement") & (events["actors"] == "KOR PRK") & (events["date"] < day)]
    if a.empty:
        return None
    return (day - a["date"].max()).days


# %% exercise-record
def exercise_record(exercises):
    return pd.DataFrame({"year": [2018], "took_place": [3], "called_off": [2]})


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    tests = events[events["kind"] == "test"]
    gap = (tests["date"] - day).dt.days
    return gap.between(-30, -1).sum(), gap.between(1, 30).sum()


# %% three-counts
def three_counts(p, b, first, last):
    years = range(first, last + 1)
    y = breaches["date"].dt.year
    return pd.DataFrame(
        {
            "year": years,
            "incidents": [int(provocations[provocations.year_start == a]["incidents_count"].sum()) for a in years],
            "breaches": [int((y == a).sum()) for a in years],
            "breach_days": [breaches["date"][y == a].nunique() for a in years],
        }
    )


# %% steps-needed
def steps_needed(prior, error):
    steps = 0
    while reassurance.posterior(prior, steps) < reassurance.trust_threshold():
        steps = steps + 1
    return steps


# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake()
    stakes = [n / 1000 for n in range(1001)]
    high = max(s for s in stakes if reassurance.trust_threshold(s) <= trust)
    if high < low:
        return None
    return low, high
