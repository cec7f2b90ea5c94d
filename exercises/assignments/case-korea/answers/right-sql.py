# ---
# about: SQL through sqlite3, recursion and bisection; floats for days, a tuple and the values of a dictionary
# expected: all
# rubric: {memo: {dates: 4, argument: 3, limits: 1}, criticism: {rules: 3, repair: 3}}
# ---

# %% [raw] case-korea-answers.json
# {
#  "acts": {
#   "2018-09-19": "signed",
#   "2018-11-01": "effect",
#   "2018-11-20": "carried out",
#   "2023-11-22": "suspended in part",
#   "2023-11-23": "renounced",
#   "2023-11-24": "undone",
#   "2024-01-08": "declared by soldiers",
#   "2024-06-04": "suspended",
#   "seoul": ["2024-06-04", "2023-11-22", "2024-01-08"]
#  },
#  "ten-steps": {
#   "belief-ten": 0.4,
#   "belief-one": 0.64,
#   "verdict": "one",
#   "because": ["costly", "copied"]
#  }
# }

# %% counts-by-kind
import sqlite3


def sql(query, args=(), **tables):
    db = sqlite3.connect(":memory:")
    for name, table in tables.items():
        table = table.copy()
        for column in table.columns:
            if str(table[column].dtype).startswith("datetime"):
                table[column] = table[column].dt.strftime("%Y-%m-%d")
        table.to_sql(name, db, index=False)
    return db.execute(query, args).fetchall()


def counts_by_kind(events, year):
    return dict(sql("select kind, count(*) from e where substr(date,1,4)=? group by kind", [str(year)], e=events))


# %% days-since-agreement
def days_since_agreement(events, withdrawal_id):
    [(n,)] = sql(
        """select min(julianday(w.date)-julianday(a.date)) from e a, e w where w.id=? and a.kind='agreement'
        and a.actors like '%KOR%' and a.actors like '%PRK%' and a.date < w.date""",
        [withdrawal_id],
        e=events,
    )
    return n


# %% exercise-record
def exercise_record(exercises):
    rows = sql(
        """select year, sum(status in ('held','scaled down','resumed')), sum(status in ('postponed','suspended','cancelled'))
        from x group by year order by year desc""",
        x=exercises[["year", "status"]],
    )
    return pd.DataFrame(rows, columns=["year", "took_place", "called_off"])


# %% tests-around
def tests_around(events, exercise_id, days):
    [pair] = sql(
        """select coalesce(sum(julianday(t.date)-julianday(x.date) between -? and -1),0), coalesce(sum(julianday(t.date)-julianday(x.date) between 1 and ?),0)
        from e t, e x where x.id=? and t.kind='test'""",
        [days, days, exercise_id],
        e=events,
    )
    return pair


# %% whole-years
def whole_years(missiles, counter):
    return dict(
        sql(
            """select year, missiles from m where counter=? and missiles is not null
        and period_start like '%-01-01' and period_end like '%-12-31'""",
            [counter],
            m=missiles,
        )
    )


# %% three-counts
def three_counts(provocations, breaches, first, last):
    rows = sql(
        """select year_start, incidents_count, count(b.date), count(distinct b.date) from p left join b
        on substr(b.date,1,4)=cast(year_start as text) where year_start=year_end and year_start between ? and ? group by 1, 2""",
        [first, last],
        p=provocations[["year_start", "year_end", "incidents_count"]],
        b=breaches[["date"]],
    )
    return pd.DataFrame(rows, columns=["year", "incidents", "breaches", "breach_days"])


# %% steps-needed
def steps_needed(prior, error, n=0):
    if reassurance.posterior(prior, n, error=error) >= reassurance.trust_threshold():
        return n
    return steps_needed(prior, error, n + 1)


# %% step-window
def step_window(trust, temptation_greedy):
    low = reassurance.screening_stake(temptation_greedy=temptation_greedy)
    a, b = 0.0, 1.0
    if reassurance.trust_threshold(1.0) <= trust:
        a = 1.0
    else:
        for _ in range(40):
            m = (a + b) / 2
            if reassurance.trust_threshold(m) <= trust:
                a = m
            else:
                b = m
    if a >= low:
        return {"least": low, "largest": a}.values()


# %% [markdown] criticism
# 99 stands in the row of CSIS, 25 in that of the Japanese ministry. They do not count the same things, so one cannot be divided by
# the other. By the count of CSIS North Korea fired 99 missiles in 2022, about four times the 24 of 2017.

# %% [markdown] memo
# The minister should say: from 1 November 2018 (KE-2018-11-01-halt; it was signed on 19 September, KE-2018-09-19-cma) to 4 June
# 2024 (KE-2024-06-04-full), the act of our own government for the whole text. Before that the clause on no-fly zones was
# suspended (KE-2023-11-22-partial), and Pyongyang said on 23 November 2023 (KE-2023-11-23-renounce) that it was no longer
# bound. The data say little on what the agreement did.
