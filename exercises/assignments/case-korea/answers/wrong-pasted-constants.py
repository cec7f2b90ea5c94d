# ---
# misconception: an answer that fits the sample is an answer
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 0, days-since-agreement-check: 6, days-since-agreement-none: 3, days-since-agreement-all: 0}
# rubric: {memo: {dates: 0, argument: 0, limits: 1}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    known = {
        2018: {"agreement": 2, "withdrawal": 1},
        2019: {"agreement": 3, "talks": 1, "test": 1, "withdrawal": 1},
    }
    return known[year]


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    return {"E": 250, "J": 20, "I": None}[withdrawal_id]


# %% [markdown] memo
# About five years. There is not enough data to say more.
