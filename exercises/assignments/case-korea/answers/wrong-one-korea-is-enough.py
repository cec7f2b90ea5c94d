# ---
# misconception: an agreement of North Korea is an agreement between the two Koreas
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 2, days-since-agreement-none: 2}
# message:
#   days-since-agreement-check: "You counted from event K"
#   acts-check: "is not answered yet"
# rubric: {memo: {dates: 1, argument: 1, limits: 3}, criticism: {rules: 0, repair: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events[events["date"].dt.year == year].pivot_table(index="kind", values="id", aggfunc="count")


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    with_north = events[(events["kind"] == "agreement") & events["actors"].str.contains("PRK") & (events["date"] < day)]
    return None if with_north.empty else (day - with_north["date"].max()).days


# %% [markdown] memo
# It ended on 23 November 2023. How long it was in effect does not show what effect it had.
