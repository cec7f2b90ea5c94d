# ---
# about: the solutions of the source, as a submission
# expected: all
# rubric: {memo: {dates: 4, argument: 4, limits: 4}, criticism: {rules: 4, repair: 4}}
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
    in_year = events[events["date"].dt.year == year]
    return in_year["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    withdrawn = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    both_koreas = events["actors"].str.contains("KOR") & events["actors"].str.contains("PRK")
    earlier = events[(events["kind"] == "agreement") & both_koreas & (events["date"] < withdrawn)]
    return None if earlier.empty else (withdrawn - earlier["date"].max()).days


# %% exercise-record
def exercise_record(exercises):
    carried_out = exercises["status"].isin(["held", "scaled down", "resumed"])
    flagged = exercises.assign(took_place=carried_out, called_off=~carried_out)
    return flagged.groupby("year")[["took_place", "called_off"]].sum()


# %% tests-around
def tests_around(events, exercise_id, days):
    exercised = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    gap = (events.loc[events["kind"] == "test", "date"] - exercised).dt.days
    return gap.between(-days, -1).sum(), gap.between(1, days).sum()


# %% whole-years
def whole_years(missiles, counter):
    begin, end = missiles["period_start"], missiles["period_end"]
    whole = (begin.dt.strftime("%m-%d") == "01-01") & (end.dt.strftime("%m-%d") == "12-31")
    kept = missiles[(missiles["counter"] == counter) & whole].dropna(subset=["missiles"])
    return kept.set_index("year")["missiles"]


# %% three-counts
def three_counts(provocations, breaches, first, last):
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


# %% steps-needed
def steps_needed(prior, error):
    kept = 0
    while reassurance.posterior(prior, kept, error=error) < reassurance.trust_threshold():
        kept += 1
    return kept


# %% step-window
def step_window(trust, temptation_greedy):
    lowest = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    dared = [n / 1000 for n in range(1001) if reassurance.trust_threshold(n / 1000) <= trust + 1e-9]
    return (lowest, max(dared)) if max(dared) >= lowest else None


# %% [markdown] criticism
# The 99 is CSIS for 2022, "includes more types"; the 25 is the Japanese ministry for 2019, ballistic missiles, at least.
# The quotient compares two rules as much as two years. The Japanese ministry alone has at least 25 in 2019 and at least
# 59 in 2022: more than twice. CSIS alone has 24 in 2017 and 99 in 2022, four times. NTI-CNS ends on 3 October 2022. True:
# by the Japanese count, at least 59 ballistic missiles in 2022 after at least 25 in 2019, its earlier record; other
# counters find other ratios.

# %% [markdown] memo
# Use 23 November 2023 (KE-2023-11-23-renounce), and call it Pyongyang's date. The text was signed on 19 September 2018
# (KE-2018-09-19-cma) and took effect on 1 November (KE-2018-11-01-halt): 1,848 days. A two-sided agreement is in effect
# while both sides accept it. Against this: Seoul suspended the whole only on 4 June 2024 (KE-2024-06-04-full), which is
# the right date if a state is bound until it says otherwise; but its Joint Chiefs had declared the zones gone on 8
# January (KE-2024-01-08-bufferzones), and on 22 November it had suspended a clause alone (KE-2023-11-22-partial). None of
# these numbers shows that the agreement worked: for that we would count incidents at the line before and during those
# years in one way, and compare a time of equally good relations without such rules.
