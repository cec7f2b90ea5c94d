# ---
# misconception: an answer that fits the sample is an answer
# expected:
#   {acts-check: 4, counts-by-kind-check: 6, days-since-agreement-check: 5, days-since-agreement-none: 2,
#    exercise-record-check: 6, tests-around-check: 6, whole-years-check: 6, three-counts-check: 4,
#    three-counts-zero: 3, steps-needed-check: 4, steps-needed-zero: 2, step-window-check: 4,
#    step-window-none: 2, ten-steps-ten: 3, ten-steps-one: 3}
# rubric: {memo: {dates: 0, argument: 0, limits: 1}, criticism: {rules: 1, repair: 0}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "2018-09-19": "signed",
#   "2018-11-01": "effect",
#   "2018-11-20": "carried out"
#  },
#  "ten-steps": {
#   "belief-ten": 0.4,
#   "belief-one": 0.64,
#   "verdict": "one",
#   "because": ["sum", "copied", "repeated", "costly", "willing", "prior"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    known = {
        (12, 2018): {"agreement": 2, "withdrawal": 1},
        (12, 2019): {"agreement": 3, "talks": 2, "test": 1, "withdrawal": 1},
        (4, 2019): {"agreement": 1, "test": 1},
    }
    return known[len(events), year]


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    return {(12, "E"): 250, (12, "J"): 20, (12, "I"): None, (11, "E"): 293}[len(events), withdrawal_id]


# %% exercise-record
def exercise_record(exercises):
    record = pd.DataFrame({"year": [2018, 2019, 2020], "took_place": [3, 0, 2], "called_off": [2, 1, 0]})
    return record if len(exercises) == 8 else record.iloc[:2]


# %% tests-around
def tests_around(events, exercise_id, days):
    if len(events) == 11:
        return 1, 1
    return (2, 1) if exercise_id == "X" else (2, 0)


# %% whole-years
def whole_years(missiles, counter):
    if counter == "Alpha-plus":
        return {2019: 15, 2021: 9}
    return {2019: 12, 2020: 0} if len(missiles) == 9 else {2019: 12}


# %% three-counts
def three_counts(provocations, breaches, first, last):
    if len(breaches) == 3:
        return pd.DataFrame({"year": [2012], "incidents": [3], "breaches": [2], "breach_days": [2]})
    known = pd.DataFrame(
        {
            "year": [2010, 2011, 2012, 2013],
            "incidents": [4, 1, 2, 0],
            "breaches": [0, 0, 3, 1],
            "breach_days": [0, 0, 2, 1],
        }
    )
    return known[known["year"].between(first, last)]


# %% steps-needed
def steps_needed(prior, error):
    return {(0.3, 0.0): 2, (0.3, 0.2): 3, (0.3, 0.4): 8}.get((prior, error), 0)


# %% step-window
def step_window(trust, temptation_greedy):
    return {0.6: (0.714, 0.9), 0.9: (0.636, 1), 0.4: None}[trust]


# %% [markdown] memo
# About five years. There is not enough data to say more.

# %% [markdown] criticism
# The numbers cannot be trusted.
