# ---
# misconception: a launch event is a missile, and a breach is a day of tension
# expected: {}
# message:
#   whole-years-check: "You took launch events"
#   three-counts-check: "Two of them fall on one day"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 1}}
# ---

# %% whole-years
def whole_years(missiles, counter):
    whole = (missiles["period_end"] - missiles["period_start"]).dt.days >= 364
    return missiles[whole & (missiles["counter"] == counter)].set_index("year")["launch_events_count"]


# %% three-counts
def three_counts(provocations, breaches, first, last):
    entries = breaches["date"].dt.year.value_counts()
    rows = provocations[provocations["year_start"].between(first, last)]
    table = pd.DataFrame({"year": rows["year_start"], "incidents": rows["incidents_count"]})
    table["breaches"] = table["year"].map(entries).fillna(0)
    table["breach_days"] = table["breaches"]
    return table


# %% [markdown] criticism
# It should say launches, not missiles. In 2022 there were 34 launches.
