# ---
# misconception: every row called agreement is an agreement between the two Koreas, and to sign is to be bound
# expected: {acts-ends: 3, acts-seoul: 1, counts-by-kind-check: 6, counts-by-kind-all: 2, days-since-agreement-none: 2}
# message:
#   days-since-agreement-check: "You counted from event D"
#   acts-check: "On 19 September 2018 the text was signed"
# rubric: {memo: {dates: 1, argument: 1, limits: 1}, criticism: {rules: 0, repair: 0}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "2018-09-19": "effect",
#   "2018-11-01": "carried out",
#   "2018-11-20": "carried out",
#   "2023-11-22": "suspended in part",
#   "2023-11-23": "renounced",
#   "2023-11-24": "undone",
#   "2024-01-08": "declared by soldiers",
#   "2024-06-04": "suspended",
#   "seoul": ["2023-11-22", "2024-01-08", "2024-06-04"]
#  }
# }

# %% counts-by-kind
def counts_by_kind(events, year):
    in_year = events[events["date"].dt.year == year]
    return in_year["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    earlier = events[(events["kind"] == "agreement") & (events["date"] < day)]
    if earlier.empty:
        return None
    return (day - earlier["date"].max()).days


# %% [markdown] memo
# It ended on 23 November 2023 when North Korea said so. We would need more data.
