# ---
# misconception: a function may look in the table that stands above it, whatever table it is given
# expected: {three-counts-zero: 3, days-since-agreement-none: 2}
# message:
#   counts-by-kind-check: "Use the table that the function is given: `events`"
#   days-since-agreement-check: "This table has no event B"
#   exercise-record-check: "This table has the first six rows only"
#   tests-around-check: "This table has no test P"
#   whole-years-check: "This table ends with 2019"
#   three-counts-check: "In this first list every number is one higher"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return sample[sample["date"].dt.year == year]["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = sample.loc[sample["id"] == withdrawal_id, "date"].iloc[0]
    both = sample["actors"].str.contains("KOR") & sample["actors"].str.contains("PRK")
    earlier = sample[(sample["kind"] == "agreement") & both & (sample["date"] < day)]
    if earlier.empty:
        return None
    return (day - earlier["date"].max()).days


# %% exercise-record
def exercise_record(exercises):
    happened = sample_exercises["status"].isin(["held", "scaled down", "resumed"])
    both = sample_exercises.assign(took_place=happened, called_off=~happened)
    return both.groupby("year")[["took_place", "called_off"]].sum()


# %% tests-around
def tests_around(events, exercise_id, days):
    day = sample_order.loc[sample_order["id"] == exercise_id, "date"].iloc[0]
    gap = (sample_order.loc[sample_order["kind"] == "test", "date"] - day).dt.days
    return gap.between(-days, -1).sum(), gap.between(1, days).sum()


# %% whole-years
def whole_years(missiles, counter):
    kept = sample_missiles[sample_missiles["counter"] == counter].dropna(subset=["missiles"])
    kept = kept[(kept["period_end"] - kept["period_start"]).dt.days >= 364]
    return kept.set_index("year")["missiles"]


# %% three-counts
def three_counts(provocations, breaches, first, last):
    years = range(first, last + 1)
    by_year = sample_breaches.groupby(sample_breaches["date"].dt.year)["date"]
    return pd.DataFrame(
        {
            "incidents": sample_provocations.set_index("year_start")["incidents_count"].reindex(years),
            "breaches": by_year.size().reindex(years, fill_value=0),
            "breach_days": by_year.nunique().reindex(years, fill_value=0),
        }
    )
