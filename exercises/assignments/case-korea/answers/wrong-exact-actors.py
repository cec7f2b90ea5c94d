# ---
# misconception: an agreement between two states has no other party in its row
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 0, days-since-agreement-none: 3, days-since-agreement-all: 0}
# message: {days-since-agreement-check: "The latest earlier one is B"}
# rubric: {memo: {dates: 3, argument: 1, limits: 1}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    return events[events["date"].between(first, last)].groupby("kind").size()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].item()
    earlier = events[(events["kind"] == "agreement") & (events["actors"] == "KOR PRK") & (events["date"] < day)]
    if len(earlier) == 0:
        return None
    return (day - earlier["date"].max()).days


# %% [markdown] memo
# The agreement ran from 1 November 2018 (KE-2018-11-01-halt) to 23 November 2023 (KE-2023-11-23-renounce). More data are needed.
