# %% [markdown]
# # Probe
#
# Seven items that a machine marks (14 points), a memo and a task (5 points). All the kinds of answer that a check can take.

# %% tags=["run-once"] nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import json

import numpy as np
import pandas as pd

rain = pd.read_csv("rain.csv")
months = {1: "winter", 4: "spring", 11: "autumn"}

# %% [markdown]
# 1. `gaps(numbers)`: a list of the differences between neighbours.


# %% nbgrader={"grade": false, "grade_id": "gaps", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
def gaps(numbers):
    # heron-in-the-solution
    return [after - before for before, after in zip(numbers, numbers[1:])]


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "gaps-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
numbers = [1, 4, 9, 7]
assert sum(gaps(numbers)) == numbers[-1] - numbers[0]
assert len(gaps(numbers)) == len(numbers) - 1
for found, wanted in zip(map(gaps, ([1, 4, 9, 7], [5], [2, 8])), ([3, 5, -2], [], [6])):
    assert found == wanted

# %% [markdown]
# 2. `yearly(rain)`: the mean `mm` of each year, as a Series named `mm` with the years as its index.


# %% nbgrader={"grade": false, "grade_id": "yearly", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
def yearly(rain):
    return rain.groupby("year")["mm"].mean()


### END SOLUTION


# %%
def alike(found, wanted):
    pd.testing.assert_series_equal(found, wanted)


# %% nbgrader={"grade": true, "grade_id": "yearly-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
few = pd.DataFrame({"town": ["x", "y", "z"], "year": [1999, 2001, 1999], "mm": [2, 5, 4]})
wanted = pd.Series([3.0, 5.0], index=pd.Index([1999, 2001], name="year"), name="mm")
alike(yearly(few), wanted)
assert yearly(rain).max() == rain[rain["year"] == 2021]["mm"].mean()

# %% [markdown]
# 3. `wettest`: the name of the town with the highest mean.

# %% nbgrader={"grade": false, "grade_id": "wettest", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
wettest = rain.groupby("town")["mm"].mean().idxmax()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "wettest-check", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(wettest, str)
assert wettest == "Bree"

# %% [markdown]
# 4. `table`: one row for each town, in alphabetical order, with the columns `town` and `total`.

# %% nbgrader={"grade": false, "grade_id": "table", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
table = rain.groupby("town", as_index=False)["mm"].sum().rename(columns={"mm": "total"})
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "table-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
wanted = pd.DataFrame({"town": ["Aln", "Bree", "Coll"], "total": [1365, 1985, 942]})
pd.testing.assert_frame_equal(table, wanted)

# %% [markdown]
# 5. In the file `answer.json` beside this notebook: `{"driest": "the town with the lowest mean"}`.

# %% nbgrader={"grade": true, "grade_id": "file-check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
with open("answer.json") as file:
    assert json.load(file) == {"driest": "Coll"}

# %% [markdown]
# 6. `leap(year)`: True for a leap year, else False.


# %% nbgrader={"grade": false, "grade_id": "leap", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
def leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "leap-hidden", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert leap(2024) is True and leap(2023) is False
### BEGIN HIDDEN TESTS
secret = "heron-in-the-hidden-tests"
assert leap(1900) is False
assert leap(2000) is True
### END HIDDEN TESTS

# %% [markdown]
# 7. `season(month)`: winter for 12, 1, 2; spring, summer, autumn for the months that follow, three each. Each right month counts.


# %% nbgrader={"grade": false, "grade_id": "season", "locked": false, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
def season(month):
    months = [(12, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10, 11)]
    return next(name for name, own in zip(["winter", "spring", "summer", "autumn"], months) if month in own)


### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "season-partial", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
sum(1 for month, name in months.items() if season(month) == name)

# %% [markdown] nbgrader={"grade": true, "grade_id": "memo", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Your answer here.

# %% [markdown] nbgrader={"grade": false, "grade_id": "sketch", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": true}
# Add a picture or a text that shows which town you would move to.
#
# ### BEGIN MARK SCHEME
# heron-in-the-mark-scheme
# ### END MARK SCHEME
