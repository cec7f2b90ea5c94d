# ---
# about: no pandas beyond walking through the rows
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 6, days-since-agreement-none: 3, days-since-agreement-all: 6}
# rubric: {memo: {dates: 3, argument: 3, limits: 3}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    counts = {"agreement": 0, "talks": 0, "exercise": 0, "test": 0, "incident": 0, "withdrawal": 0}
    for _, row in events.iterrows():
        if row["date"].year == year:
            counts[row["kind"]] += 1
    return counts


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    when = None
    for _, row in events.iterrows():
        if row["id"] == withdrawal_id:
            when = row["date"]
    best = None
    for _, row in events.iterrows():
        actors = row["actors"].split(" ")
        if row["kind"] == "agreement" and "KOR" in actors and "PRK" in actors and row["date"] < when:
            if best is None or row["date"] > best:
                best = row["date"]
    if best is None:
        return None
    return (when - best).days


# %% [markdown] memo
# From 1 November 2018 (KE-2018-11-01-halt) to 4 June 2024 (KE-2024-06-04-full), because a state is bound by its own acts and the
# South suspended the whole text only then. North Korea said earlier that it no longer counted (KE-2023-11-23-renounce). The length
# does not show that the agreement worked.
