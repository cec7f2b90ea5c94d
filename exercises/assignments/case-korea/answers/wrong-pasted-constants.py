# ---
# misconception: an answer that fits the sample is an answer
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 0, days-since-agreement-check: 9, days-since-agreement-all: 0}
# rubric: {memo: {dates: 0, argument: 0, limits: 1}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return {2018: {"agreement": 2}, 2019: {"agreement": 1, "test": 1, "withdrawal": 1}}[year]


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    return 250


# %% [markdown] memo
# About five years. There is not enough data to say more.
