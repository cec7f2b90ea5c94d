# ---
# misconception: an exercise that was made smaller or taken up again did not take place
# expected: {}
# message:
#   exercise-record-check: "You counted only `held`"
#   tests-around-check: "You counted rows of every kind"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 3, repair: 0}}
# ---

# %% exercise-record
def exercise_record(exercises):
    held = exercises["status"] == "held"
    return pd.DataFrame(
        {"took_place": held.groupby(exercises["year"]).sum(), "called_off": (~held).groupby(exercises["year"]).sum()}
    )


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.loc[events["id"] == exercise_id, "date"].iloc[0]
    near = events[(events["date"] - day).dt.days.abs() <= days]
    return (near["date"] < day).sum(), (near["date"] > day).sum()


# %% [markdown] criticism
# CSIS and Japan count differently, so we cannot say whether it was four times.
