# ---
# misconception: counting a column counts the year that was asked for
# expected: {counts-by-kind-check: 0, counts-by-kind-all: 0, days-since-agreement-check: 6, days-since-agreement-none: 3, days-since-agreement-all: 6}
# message: {counts-by-kind-check: "You counted the rows of all years"}
# rubric: {memo: {dates: 1, argument: 1, limits: 0}}
# ---

# %% counts-by-kind
def counts_by_kind(events, year):
    return events["kind"].value_counts()


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    day = events[events.id == withdrawal_id].date.max()
    e = events[(events.kind == "agreement") & (events.date < day)]
    e = e[e.actors.apply(lambda a: "KOR" in a and "PRK" in a)]
    if len(e) == 0:
        return None
    return int((day - e.date.max()).days)


# %% [markdown] memo
# The agreement lasted from 19 September 2018 to 23 November 2023, more than five years, so it worked well until the North broke it.
