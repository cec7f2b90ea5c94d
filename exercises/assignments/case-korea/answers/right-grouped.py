# ---
# about: groupby, pivot, merge and fillna; floats instead of integers, a year as index or as column
# expected: all
# rubric: {memo: {dates: 4, argument: 3, limits: 1}, criticism: {rules: 4, repair: 4}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "2018-09-19": "signed",
#   "2018-11-01": "effect",
#   "2018-11-20": "carried out",
#   "2023-11-22": "suspended in part",
#   "2023-11-23": "renounced",
#   "2023-11-24": "undone",
#   "2024-01-08": "declared by soldiers",
#   "2024-06-04": "suspended",
#   "seoul": ["2023-11-22", "2024-01-08", "2024-06-04"]
#  },
#  "ten-steps": {
#   "belief-ten": 0.4,
#   "belief-one": 0.64,
#   "verdict": "one",
#   "because": ["copied", "costly"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    table = events.assign(year=events["date"].dt.year).groupby(["year", "kind"]).size().unstack(fill_value=0)
    return table.loc[year].astype(float) if year in table.index else pd.Series(dtype=float)


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    dates = events.set_index("id")["date"]
    pairs = events["actors"].str.split().apply(set)
    agreed = events[events["kind"].eq("agreement") & pairs.apply({"KOR", "PRK"}.issubset)].sort_values("date")
    gaps = (dates[withdrawal_id] - agreed["date"]) / pd.Timedelta(days=1)
    gaps = gaps[gaps > 0]
    return gaps.min() if len(gaps) else None


# %% exercise-record
def exercise_record(exercises):
    groups = {"held": "took_place", "scaled down": "took_place", "resumed": "took_place"}
    what = exercises["status"].map(groups).fillna("called_off")
    table = exercises.assign(what=what).pivot_table(
        index="year", columns="what", values="status", aggfunc="count", fill_value=0
    )
    return table.reindex(columns=["called_off", "took_place"], fill_value=0).reset_index()


# %% tests-around
def tests_around(events, exercise_id, days):
    ex = events.set_index("id").loc[exercise_id, "date"]
    window = pd.Timedelta(days=days)
    t = events[events["kind"] == "test"]
    side = t.assign(
        before=(t["date"] < ex) & (t["date"] >= ex - window), after=(t["date"] > ex) & (t["date"] <= ex + window)
    )
    return side[["before", "after"]].sum()


# %% whole-years
def whole_years(missiles, counter):
    m = missiles.assign(length=(missiles["period_end"] - missiles["period_start"]).dt.days + 1)
    m = m[m["counter"].eq(counter) & m["length"].ge(365) & m["missiles"].notna()]
    return m.groupby("year")["missiles"].sum()


# %% three-counts
def three_counts(provocations, breaches, first, last):
    b = (
        breaches.assign(year=breaches["date"].dt.year)
        .groupby("year")
        .agg(breaches=("id", "count"), breach_days=("date", "nunique"))
        .reset_index()
    )
    p = provocations.rename(columns={"year_start": "year", "incidents_count": "incidents"})
    p = p[(p["year"] >= first) & (p["year_end"] <= last)]
    return p.merge(b, on="year", how="left").fillna({"breaches": 0, "breach_days": 0})


# %% steps-needed
def steps_needed(prior, error):
    return reassurance.signals_needed(prior, reassurance.trust_threshold(), error=error)


# %% step-window
def step_window(trust, temptation_greedy):
    stakes = pd.Series([n / 1000 for n in range(1001)])
    dared = stakes[stakes.map(reassurance.trust_threshold) <= trust]
    both = dared[dared >= reassurance.screening_stake(temptation_greedy=temptation_greedy)]
    return None if both.empty else both.agg(["min", "max"])


# %% [markdown] criticism
# The sentence takes 99 from CSIS and 25 from the Japanese ministry. They count by different rules (CSIS includes more
# types), so dividing one by the other says little. With CSIS alone one could say: 24 in 2017, 99 in 2022, about four
# times; with the Japanese ministry 25 and 59, about twice.

# %% [markdown] memo
# I take 23 November 2023 (KE-2023-11-23-renounce). It began on 1 November 2018 (KE-2018-11-01-halt), not at the signature
# (KE-2018-09-19-cma). It is the North's act. One could take 4 June 2024 (KE-2024-06-04-full), the South's. Data on this
# are limited.
