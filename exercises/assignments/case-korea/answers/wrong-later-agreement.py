# ---
# misconception: the latest agreement in the table is the latest before the event
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 0, days-since-agreement-none: 0, days-since-agreement-all: 0}
# message: {days-since-agreement-check: "You counted from event H, which comes later"}
# rubric: {memo: {dates: 1, argument: 0, limits: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return dict(events.loc[events["date"].dt.year == year, "kind"].value_counts())


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.set_index("id").loc[withdrawal_id, "date"]
    agreed = events[
        (events.kind == "agreement") & events.actors.str.contains("KOR") & events.actors.str.contains("PRK")
    ]
    return (day - agreed.date.max()).days


# %% [markdown] memo
# It ended in 2024, so it lasted six years and was a success.
