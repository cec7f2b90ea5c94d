# ---
# misconception: the edge belongs to both sides, the day itself is earlier and one step more is safer
# expected: {days-since-agreement-none: 2}
# message:
#   days-since-agreement-check: "Event F falls on the same day"
#   tests-around-check: "You counted test R"
#   steps-needed-check: "Do you go one step too far?"
#   step-window-check: "You left out whether the state dares the step"
#   step-window-none: "should be None"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    both = events["actors"].str.contains("KOR") & events["actors"].str.contains("PRK")
    earlier = events[(events["kind"] == "agreement") & both & (events["date"] <= day)]
    return None if earlier.empty else (day - earlier["date"].max()).days


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    gap = (events.loc[events["kind"] == "test", "date"] - day).dt.days
    return gap.between(-days, 0).sum(), gap.between(0, days).sum()


# %% steps-needed
def steps_needed(prior, error):
    steps = 0
    while reassurance.posterior(prior, steps, error=error) < reassurance.trust_threshold():
        steps = steps + 1
    return steps + 1


# %% step-window
def step_window(trust, temptation_greedy):
    return reassurance.screening_stake(temptation_greedy=temptation_greedy), 1
