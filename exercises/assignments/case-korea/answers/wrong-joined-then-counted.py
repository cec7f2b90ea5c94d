# ---
# misconception: joining leaves every row once and every year in place
# expected: {days-since-agreement-check: 5, steps-needed-zero: 2, step-window-none: 2}
# message:
#   counts-by-kind-check: "You counted days"
#   days-since-agreement-none: "Neither 0 nor a later agreement"
#   exercise-record-check: "In 2020 both took place"
#   tests-around-check: "Test S lies exactly 30 days after"
#   whole-years-check: "the 4 for 2020 is Beta's"
#   three-counts-check: "once for every breach"
#   steps-needed-check: "begin from the prior that the function was given"
#   step-window-check: "Stakes of 0.00, 0.01"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events[events["date"].dt.year == year].groupby("kind")["date"].nunique()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    a = events[
        (events["kind"] == "agreement")
        & events["actors"].str.contains("KOR")
        & events["actors"].str.contains("PRK")
        & (events["date"] < day)
    ]
    if a.empty:
        return 0
    return (day - a["date"].max()).days


# %% exercise-record
def exercise_record(exercises):
    took = exercises["status"].isin(["postponed", "suspended", "cancelled"]).groupby(exercises["year"]).sum()
    off = exercises["status"].isin(["held", "scaled down", "resumed"]).groupby(exercises["year"]).sum()
    return pd.DataFrame({"took_place": took, "called_off": off})


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    tests = events[events["kind"] == "test"]
    gap = (tests["date"] - day).dt.days
    return gap.between(-days, -1).sum(), gap.between(1, days - 1).sum()


# %% whole-years
def whole_years(missiles, counter):
    m = missiles[missiles["year"] > 0]
    m = m[(m.period_start.dt.dayofyear == 1) & (m.period_end.dt.month == 12) & (m.period_end.dt.day == 31)]
    return m.set_index("year")["missiles"].groupby(level=0).sum()


# %% three-counts
def three_counts(provocations, breaches, first, last):
    b = breaches.assign(year=breaches["date"].dt.year)
    m = provocations.rename(columns={"year_start": "year"}).merge(b, on="year", how="left")
    m = m[m["year"].between(first, last)]
    return (
        m.groupby("year")
        .agg(incidents=("incidents_count", "sum"), breaches=("date", "count"), breach_days=("date", "nunique"))
        .reset_index()
    )


# %% steps-needed
def steps_needed(prior, error):
    steps = 0
    while prior < reassurance.trust_threshold():
        steps = steps + 1
        prior = reassurance.posterior(prior, steps, error=error)
    return steps


# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    stakes = [n / 100 for n in range(101)]
    high = max(s for s in stakes if reassurance.trust_threshold(s) <= trust)
    if high < low:
        return None
    return low, high
