# ---
# misconception: a name that contains the name is the same name, and all counters count one thing
# expected: {days-since-agreement-none: 2}
# message:
#   days-since-agreement-check: "The latest earlier one is B"
#   whole-years-check: "You added Alpha and Alpha-plus"
# rubric: {memo: {dates: 0, argument: 0, limits: 0}, criticism: {rules: 0, repair: 0}}
# ---

# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events.loc[events["id"] == withdrawal_id, "date"].item()
    earlier = events[(events["kind"] == "agreement") & (events["actors"] == "KOR PRK") & (events["date"] < day)]
    if len(earlier) == 0:
        return None
    return (day - earlier["date"].max()).days


# %% whole-years
def whole_years(missiles, counter):
    same = missiles[missiles["counter"].str.contains(counter)]
    same = same[(same["period_end"] - same["period_start"]).dt.days >= 364]
    return same.dropna(subset=["missiles"]).groupby("year")["missiles"].sum()


# %% [markdown] criticism
# In 2022 North Korea fired 99 missiles, in 2019 only 25: that is four times as many, so the sentence is true.
