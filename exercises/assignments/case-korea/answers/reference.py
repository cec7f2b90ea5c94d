# ---
# about: the solutions of the source, as a submission
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 6, days-since-agreement-none: 3, days-since-agreement-all: 6}
# rubric: {memo: {dates: 5, argument: 5, limits: 5}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    in_year = events[events["date"].dt.year == year]
    return in_year["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].iloc[0]
    both_koreas = events["actors"].str.contains("KOR") & events["actors"].str.contains("PRK")
    earlier = events[(events["kind"] == "agreement") & both_koreas & (events["date"] < day)]
    return None if earlier.empty else (day - earlier["date"].max()).days


# %% [markdown] memo
# Use 23 November 2023 (KE-2023-11-23-renounce), and call it Pyongyang's date. The text was signed on 19 September 2018
# (KE-2018-09-19-cma) and took effect on 1 November (KE-2018-11-01-halt): 1,848 days. A two-sided agreement is in effect while both
# sides accept it. Against this: Seoul suspended the whole only on 4 June 2024 (KE-2024-06-04-full), which is the right date if a
# state is bound until it says otherwise; but its Joint Chiefs had declared the zones gone on 8 January (KE-2024-01-08-bufferzones).
# None of these numbers shows that the agreement worked: for that we would count incidents at the line before and during those
# years in one way, and compare a time of equally good relations without such rules.
