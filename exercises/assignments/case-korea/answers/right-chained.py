# ---
# about: method chains, query, crosstab and concat; strings of years turned back, columns in another order
# expected: all
# rubric: {memo: {dates: 3, argument: 4, limits: 3}, criticism: {rules: 3, repair: 3}}
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
#   "because": ["costly", "copied"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    return events.query("date.dt.year == @year").groupby("kind")["id"].count().to_frame("n").reset_index()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    when = events.query("id == @withdrawal_id")["date"].squeeze()
    latest = (
        events.query("kind == 'agreement' and date < @when")
        .loc[lambda t: t["actors"].str.contains(r"(?=.*\bKOR\b)(?=.*\bPRK\b)")]["date"]
        .max()
    )
    return (when - latest) // pd.Timedelta("1D") if pd.notna(latest) else float("nan")


# %% exercise-record
def exercise_record(exercises):
    return pd.crosstab(
        exercises["year"],
        exercises["status"]
        .isin(["postponed", "suspended", "cancelled"])
        .map({True: "called_off", False: "took_place"}),
    ).reindex(columns=["took_place", "called_off"], fill_value=0)


# %% tests-around
def tests_around(events, exercise_id, days):
    return (
        events.assign(gap=lambda t: (t["date"] - t.loc[t["id"].eq(exercise_id), "date"].squeeze()).dt.days)
        .query("kind == 'test' and gap != 0 and abs(gap) <= @days")
        .pipe(lambda t: (len(t.query("gap < 0")), len(t.query("gap > 0"))))
    )


# %% whole-years
def whole_years(missiles, counter):
    return (
        missiles.query("counter == @counter")
        .query("period_start.dt.dayofyear == 1 and period_end.dt.is_year_end")
        .dropna(subset="missiles")[["year", "missiles"]]
    )


# %% three-counts
def three_counts(provocations, breaches, first, last):
    years = breaches["date"].dt.year
    return (
        pd.concat(
            {
                "breach_days": breaches.drop_duplicates("date")["date"].dt.year.value_counts(),
                "breaches": years.value_counts(),
                "incidents": provocations.query("year_start == year_end").set_index("year_start")["incidents_count"],
            },
            axis=1,
        )
        .fillna(0)
        .sort_index()
        .loc[first:last]
    )


# %% steps-needed
def steps_needed(prior, error):
    return next(
        n for n in range(10_000) if reassurance.posterior(prior, n, error=error) >= reassurance.trust_threshold()
    )


# %% step-window
def step_window(trust, temptation_greedy):
    low, high = reassurance.screening_stake(temptation_greedy=temptation_greedy), 1.0
    if reassurance.trust_threshold(high) > trust:
        bottom = 0.0
        while high - bottom > 1e-6:  # halve the interval in which the threshold crosses the trust
            middle = (bottom + high) / 2
            bottom, high = (middle, high) if reassurance.trust_threshold(middle) <= trust else (bottom, middle)
    return (low, high) if low <= high else None


# %% [markdown] criticism
# CSIS says 99 in 2022 and Japan says 25 in 2019. These are different sources that count differently. In 2022 Japan
# counted 59, compared with 25 in 2019.

# %% [markdown] memo
# The date is 8 January 2024 (KE-2024-01-08-bufferzones), when the Joint Chiefs in Seoul declared the zones gone: from
# then neither side's soldiers kept them. The North had renounced it on 23 November 2023 (KE-2023-11-23-renounce), and the
# government suspended it on 4 June 2024 (KE-2024-06-04-full); a general's word is no decision of a government, which
# speaks for June, but the minister asks how long it lasted on the ground. It bound from 1 November 2018
# (KE-2018-11-01-halt). That it lasted does not show that it prevented anything.
