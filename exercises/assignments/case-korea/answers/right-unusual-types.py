# ---
# about: what pandas and NumPy give of themselves; categories, an Index, NaN for None, a NumPy integer, a dictionary of lists
# expected: all
# rubric: {memo: {dates: 3, argument: 4, limits: 3}, criticism: {rules: 4, repair: 3}}
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
#   "seoul": ["2024-06-04", "2023-11-22", "2024-01-08"]
#  },
#  "ten-steps": {
#   "belief-ten": 0.4,
#   "belief-one": 0.64,
#   "verdict": "one",
#   "because": ["costly", "copied"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    kinds = events["kind"].astype("category")
    return kinds[events["date"].dt.year == year].value_counts().astype(float)


# %% days-since-agreement
import numpy as np


def days_since_agreement(events, withdrawal_id):
    t = events.set_index("id")
    a = t[
        (t.kind == "agreement")
        & t.actors.str.contains("KOR")
        & t.actors.str.contains("PRK")
        & (t.date < t.date[withdrawal_id])
    ]
    return np.float64((t.date[withdrawal_id] - a.date.max()) / pd.Timedelta(days=1)) if len(a) else np.nan


# %% exercise-record
def exercise_record(exercises):
    took = exercises["status"].isin(["held", "scaled down", "resumed"])
    return pd.crosstab(exercises["year"], took).rename(columns={True: "took_place", False: "called_off"})


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events[events["id"] == exercise_id].squeeze()["date"]
    tests = events[events["kind"] == "test"]
    gap = (tests["date"] - day).dt.days
    return pd.Series({"before": gap.between(-days, -1).sum(), "after": gap.between(1, days).sum()}, dtype=float)


# %% whole-years
def whole_years(missiles, counter):
    m = missiles[missiles["counter"] == counter].dropna(subset=["missiles"])
    m = m[(m.period_start.dt.dayofyear == 1) & (m.period_end + pd.Timedelta(days=1)).dt.dayofyear.eq(1)]
    return pd.Series(
        m["missiles"].values.astype("int8"), index=pd.PeriodIndex(m["year"].astype(str), freq="Y").year, name="n"
    ).sort_index(ascending=False)


# %% three-counts
def three_counts(provocations, breaches, first, last):
    inc = provocations[provocations.year_start == provocations.year_end].set_index("year_start").incidents_count
    y = breaches["date"].dt.year
    return {
        "year": list(range(first, last + 1)),
        "incidents": [int(inc[i]) for i in range(first, last + 1)],
        "breaches": [int((y == i).sum()) for i in range(first, last + 1)],
        "breach_days": [breaches["date"][y == i].nunique() for i in range(first, last + 1)],
    }


# %% steps-needed
def steps_needed(prior, error):
    return np.argmax(
        [reassurance.posterior(prior, n, error=error) >= reassurance.trust_threshold() for n in range(200)]
    )


# %% step-window
def step_window(trust, temptation_greedy):
    s = np.linspace(0, 1, 10001)
    t = np.array([reassurance.trust_threshold(x) for x in s])
    ok = s[(t <= trust) & (s >= reassurance.screening_stake(temptation_greedy=temptation_greedy))]
    return pd.Index([ok[0], ok[-1]]) if len(ok) else np.nan


# %% [markdown] criticism
# The 99 of 2022 are CSIS's, the 25 of 2019 the Japanese ministry's. CSIS includes more types of missile, the ministry counts ballistic ones and says
# "at least": the quotient mixes a change of rule with a change of conduct. True is: the Japanese ministry counted at least 25
# in 2019 and at least 59 in 2022, more than twice as many.

# %% [markdown] memo
# From 1 November 2018 (KE-2018-11-01-halt) to 23 November 2023 (KE-2023-11-23-renounce): an agreement of two ends when one says that
# it is no longer bound, and this was Pyongyang's act. One may answer that Seoul's text was in force until its full suspension
# (KE-2024-06-04-full); but it then bound one side alone, and nobody could rely on it. From the number of days the minister
# must not conclude that the agreement kept the line quiet.
