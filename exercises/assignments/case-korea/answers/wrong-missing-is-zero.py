# ---
# misconception: what was not found did not happen, and what is in no list was not in the year
# expected: {three-counts-check: 4, steps-needed-check: 4}
# message:
#   whole-years-check: "No number is not zero"
#   three-counts-zero: "A year without a breach has a row too"
#   steps-needed-zero: "Does your loop begin with 0?"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% whole-years
def whole_years(missiles, counter):
    m = missiles[missiles["counter"] == counter].fillna({"missiles": 0})
    m = m[(m["period_start"].dt.dayofyear == 1) & (m["period_end"].dt.month == 12) & (m["period_end"].dt.day == 31)]
    return m.set_index("year")["missiles"]


# %% three-counts
def three_counts(provocations, breaches, first, last):
    b = (
        breaches.assign(year=breaches["date"].dt.year)
        .groupby("year")["date"]
        .agg(breaches="size", breach_days="nunique")
    )
    p = provocations.rename(columns={"year_start": "year", "incidents_count": "incidents"})
    joined = p.merge(b, on="year")
    return joined[joined["year"].between(first, last)]


# %% steps-needed
def steps_needed(prior, error):
    steps = 1
    while reassurance.posterior(prior, steps, error=error) < reassurance.trust_threshold():
        steps = steps + 1
    return steps
