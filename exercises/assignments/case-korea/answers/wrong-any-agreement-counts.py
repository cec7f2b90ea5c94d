# ---
# misconception: every row called agreement is an agreement between the two Koreas
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 0, days-since-agreement-none: 3, days-since-agreement-all: 0}
# message: {days-since-agreement-check: "You counted from event D"}
# rubric: {memo: {dates: 1, argument: 1, limits: 1}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events.query("date.dt.year == @year").groupby("kind")["id"].count().to_dict()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    earlier = events[(events["kind"] == "agreement") & (events["date"] < day)]
    if earlier.empty:
        return None
    return (day - earlier["date"].max()).days


# %% [markdown] memo
# It ended on 23 November 2023 when North Korea said so. We would need more data.
