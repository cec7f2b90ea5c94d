# ---
# misconception: what a cell prints, or a line computes, is what the function gives back; Python reads conditions as we do
# expected: {acts-check: 4, acts-ends: 3}
# message:
#   counts-by-kind-check: "Does the function end with `return`"
#   days-since-agreement-check: "gave the text '250 days'"
#   days-since-agreement-none: "without quotation marks"
#   exercise-record-check: "must run without an error and spell its name so"
#   tests-around-check: "Put each condition in round brackets"
#   whole-years-check: "The keys should be years"
#   three-counts-check: "gave nothing"
#   steps-needed-check: "Hand over by name what the item shows with `=`"
#   step-window-check: "Hand over by name what the item shows with `=`"
#   ten-steps-one: "hand `imitation_rate(0.75)` over"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
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
#   "seoul": ["2024-06-04", "2023-11-22"]
#  },
#  "ten-steps": {
#   "belief-ten": 0.9999,
#   "belief-one": 0.4,
#   "verdict": "same",
#   "because": ["sum"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    print(events[events["date"].dt.year == year]["kind"].value_counts())


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
        return "None"
    return f"{(day - a['date'].max()).days} days"


# %% exercise-record
def exercises_record(exercises):
    t = exercises["status"] == "held"
    return pd.DataFrame(
        {"took_place": t.groupby(exercises["year"]).sum(), "called_off": (~t).groupby(exercises["year"]).sum()}
    )


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    tests = events[events["kind"] == "test" & events["date"] > day]
    return len(tests), len(tests)


# %% whole-years
def whole_years(missiles, counter):
    m = missiles[missiles["counter"] == counter].dropna(subset=["missiles"])
    m = m[(m.period_end - m.period_start).dt.days >= 364]
    return m["missiles"]


# %% three-counts
def three_counts(provocations, breaches, first, last):
    years = range(first, last + 1)
    y = breaches["date"].dt.year
    table = pd.DataFrame({"year": years})
    table["incidents"] = [
        int(provocations[(provocations.year_start == a) & (provocations.year_end == a)]["incidents_count"].sum())
        for a in years
    ]
    table["breaches"] = [int((y == a).sum()) for a in years]
    table["breach_days"] = [breaches["date"][y == a].nunique() for a in years]
    table


# %% steps-needed
def steps_needed(prior, error):
    steps = 0
    while reassurance.posterior(prior, steps, error) < reassurance.trust_threshold():
        steps = steps + 1
    return steps


# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy)
    stakes = [n / 1000 for n in range(1001)]
    high = max(s for s in stakes if reassurance.trust_threshold(s) <= trust)
    if high < low:
        return None
    return low, high
