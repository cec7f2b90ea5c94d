# ---
# about: numpy arrays, Counter, sets of records, and the model's formulas solved by hand
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
#   "because": ["copied", "costly"],
#   "verdict": "one",
#   "belief-one": 0.64,
#   "belief-ten": 0.4
#  }
# }

# %% counts-by-kind
from collections import Counter


def counts_by_kind(events, year):
    return Counter(kind for kind, day in zip(events.kind, events.date) if day.year == year)


# %% days-since-agreement
import numpy as np


def days_since_agreement(events, withdrawal_id):
    on = events.date.values[events.id.values == withdrawal_id][0]
    agreed = {
        r.date.to_datetime64()
        for r in events.itertuples()
        if r.kind == "agreement" and not {"KOR", "PRK"} - set(r.actors.split())
    }
    gaps = np.array([(on - d) / np.timedelta64(1, "D") for d in agreed if d < on])
    return int(gaps.min()) if gaps.size else None


# %% exercise-record
def exercise_record(exercises):
    yes = Counter(exercises.year[exercises.status.isin({"held", "resumed", "scaled down"})])
    all_of_them = Counter(exercises.year)
    years = sorted(all_of_them, reverse=True)
    return {
        "year": years,
        "called_off": [all_of_them[y] - yes[y] for y in years],
        "took_place": [yes[y] for y in years],
    }


# %% tests-around
def tests_around(events, exercise_id, days):
    gap = (events.date - events.date[events.id == exercise_id].item()).dt.days.to_numpy()[events.kind == "test"]
    return np.array([((gap < 0) & (gap >= -days)).sum(), ((gap > 0) & (gap <= days)).sum()])


# %% whole-years
def whole_years(missiles, counter):
    return {
        r.year: int(r.missiles)
        for r in missiles.itertuples()
        if (r.counter, str(r.period_start)[5:10], str(r.period_end)[5:10]) == (counter, "01-01", "12-31")
        and not np.isnan(r.missiles)
    }


# %% three-counts
def three_counts(provocations, breaches, first, last):
    years = np.arange(first, last + 1)
    of_day = breaches.date.dt.year.to_numpy()
    table = pd.DataFrame(index=years)
    table["incidents"] = (
        provocations.set_index(["year_start", "year_end"]).incidents_count.loc[list(zip(years, years))].to_numpy()
    )
    table["breaches"] = [(of_day == y).sum() for y in years]
    table["breach_days"] = [len(set(breaches.date[of_day == y])) for y in years]
    return table


# %% steps-needed
def steps_needed(prior, error):
    r, f = 0.8 - 0.6 * error, 0.3 + 0.4 * error
    need = np.log(2 * (1 - prior) / prior) / np.log(r / f)  # odds of 2/3 are 2
    return max(0, np.ceil(need - 1e-9))


# %% step-window
def step_window(trust, temptation_greedy):
    low = (temptation_greedy - 0.4) / (2 * temptation_greedy - 1.4)
    high = min(1, 1.5 * trust)  # with the payoffs of the course the threshold is two thirds of the stake
    return np.array([low, high]) if low <= high else np.nan


# %% [markdown] criticism
# The numbers come from two counters with two rules: CSIS (99, more types of missile) and the Japanese ministry (25,
# ballistic, at least). A true sentence: "The Japanese ministry counted at least 59 ballistic missiles in 2022, against at
# least 25 in 2019; CSIS, whose rule is wider, 99 against 24 in 2017."

# %% [markdown] memo
# I would say: from 1 November 2018 (KE-2018-11-01-halt), when it took effect, until 23 November 2023
# (KE-2023-11-23-renounce), when the North renounced it. Seoul's full suspension (KE-2024-06-04-full) came later, its
# partial one (KE-2023-11-22-partial) a day before; but two sides are needed to keep an agreement and one is enough to end
# it. Duration shows that both found it bearable. To know whether it prevented anything one would have to count incidents
# in the same way before 2018 and after, at times of equally bad relations.
