# ---
# about: loops over rows, dictionaries and lists; nothing of pandas beyond reading a row
# expected: all
# rubric: {memo: {dates: 3, argument: 3, limits: 3}, criticism: {rules: 4, repair: 3}}
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
    counts = {"agreement": 0, "talks": 0, "exercise": 0, "test": 0, "incident": 0, "withdrawal": 0}
    for _, row in events.iterrows():
        if row["date"].year == year:
            counts[row["kind"]] += 1
    return counts


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    when = None
    for _, row in events.iterrows():
        if row["id"] == withdrawal_id:
            when = row["date"]
    best = None
    for _, row in events.iterrows():
        actors = row["actors"].split(" ")
        if row["kind"] == "agreement" and "KOR" in actors and "PRK" in actors and row["date"] < when:
            if best is None or row["date"] > best:
                best = row["date"]
    if best is None:
        return None
    return (when - best).days


# %% exercise-record
def exercise_record(exercises):
    found = {}
    for _, row in exercises.iterrows():
        if row["year"] not in found:
            found[row["year"]] = {"year": row["year"], "took_place": 0, "called_off": 0}
        if row["status"] in ["cancelled", "suspended", "postponed"]:
            found[row["year"]]["called_off"] += 1
        else:
            found[row["year"]]["took_place"] += 1
    return list(found.values())


# %% tests-around
def tests_around(events, exercise_id, days):
    for _, row in events.iterrows():
        if row["id"] == exercise_id:
            day = row["date"]
    before = 0
    after = 0
    for _, row in events.iterrows():
        if row["kind"] == "test":
            distance = (row["date"] - day).days
            if 0 < distance <= days:
                after = after + 1
            if 0 < -distance <= days:
                before = before + 1
    return [before, after]


# %% whole-years
def whole_years(missiles, counter):
    result = {}
    for _, row in missiles.iterrows():
        whole = (
            row["period_start"].month == 1
            and row["period_start"].day == 1
            and row["period_end"].month == 12
            and row["period_end"].day == 31
        )
        if row["counter"] == counter and whole and row["missiles"] == row["missiles"]:
            result[row["year"]] = row["missiles"]
    return result


# %% three-counts
def three_counts(provocations, breaches, first, last):
    rows = []
    for year in range(first, last + 1):
        entries = []
        for day in breaches["date"]:
            if day.year == year:
                entries.append(day)
        incidents = 0
        for _, row in provocations.iterrows():
            if row["year_start"] == year and row["year_end"] == year:
                incidents = row["incidents_count"]
        rows.append([year, incidents, len(entries), len(set(entries))])
    return pd.DataFrame(rows, columns=["year", "incidents", "breaches", "breach_days"])


# %% steps-needed
def steps_needed(prior, error):
    for n in range(1000):
        if reassurance.posterior(prior, n, error=error) >= reassurance.trust_threshold():
            return n


# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    high = 0
    stake = 0
    while stake <= 1:
        if reassurance.trust_threshold(stake) <= trust:
            high = stake
        stake = round(stake + 0.001, 3)
    if high < low:
        return None
    return low, high


# %% [markdown] criticism
# 99 is from CSIS and 25 from Japan's ministry, so the sentence compares two counters. CSIS includes more types of missile
# than the Japanese count of ballistic missiles. Better: the Japanese defence ministry counted at least 25 in 2019 and at
# least 59 in 2022.

# %% [markdown] memo
# From 1 November 2018 (KE-2018-11-01-halt) to 4 June 2024 (KE-2024-06-04-full), because a state is bound by its own acts
# and the South suspended the whole text only then. North Korea said earlier that it no longer counted
# (KE-2023-11-23-renounce). The length does not show that the agreement worked.
