# ---
# misconception: the latest in the table is the latest before the event; what is after an exercise is all that matters
# expected: {}
# message:
#   days-since-agreement-check: "You counted from event H, which comes later"
#   days-since-agreement-none: "should be None"
#   tests-around-check: "Before and after have changed places"
# rubric: {memo: {dates: 1, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.set_index("id").loc[withdrawal_id, "date"]
    agreed = events[
        (events.kind == "agreement") & events.actors.str.contains("KOR") & events.actors.str.contains("PRK")
    ]
    return (day - agreed.date.max()).days


# %% tests-around
def tests_around(events, exercise_id, days):
    day = events.set_index("id").loc[exercise_id, "date"]
    gap = (events.date[events.kind == "test"] - day).dt.days
    return gap.between(1, days).sum(), gap.between(-days, -1).sum()


# %% [markdown] memo
# It ended in 2024, so it lasted six years and was a success.
