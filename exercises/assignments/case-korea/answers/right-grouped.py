# ---
# about: groupby, sorting and asof, floats instead of integers
# expected: {counts-by-kind-check: 6, counts-by-kind-all: 4, days-since-agreement-check: 6, days-since-agreement-none: 3, days-since-agreement-all: 6}
# rubric: {memo: {dates: 5, argument: 3, limits: 1}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    table = events.assign(year=events["date"].dt.year).groupby(["year", "kind"]).size().unstack(fill_value=0)
    return table.loc[year].astype(float) if year in table.index else pd.Series(dtype=float)


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    dates = events.set_index("id")["date"]
    pairs = events["actors"].str.split().apply(set)
    agreed = events[events["kind"].eq("agreement") & pairs.apply({"KOR", "PRK"}.issubset)].sort_values("date")
    gaps = (dates[withdrawal_id] - agreed["date"]) / pd.Timedelta(days=1)
    gaps = gaps[gaps > 0]
    return gaps.min() if len(gaps) else None


# %% [markdown] memo
# I take 23 November 2023 (KE-2023-11-23-renounce). It began on 1 November 2018 (KE-2018-11-01-halt), not at the signature
# (KE-2018-09-19-cma). It is the North's act. One could take 4 June 2024 (KE-2024-06-04-full), the South's. Data on this are limited.
