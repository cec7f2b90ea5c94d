"""The provisional score: which checks have passed in this kernel. For the learner alone; no grade is made from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pandas as pd

from .answer import CheckError

_points_seen: dict[str, float] = {}  # test cell to points, as last run in this kernel; absent where it has not run

CAUTION = """\
This is no grade: it counts the checks that passed in this session, the last time that you ran each.
The grade comes from a new run of the whole notebook, with hidden tests, and from a person."""


@contextmanager
def item(grade_id: str, points: float) -> Iterator[None]:
    """Note for `provisional_score` whether the checks within pass. It changes neither them nor the grade.

    Raises:
        CheckError: the cell uses a name that is not defined yet; the message says which cells to run.
    """
    _points_seen[grade_id] = 0
    try:
        yield
    except NameError as error:
        raise CheckError(
            f"{error.name or error} is not known yet. Run the cells above from the top. The one that defines it must run without an "
            "error and spell its name so."
        ) from None
    _points_seen[grade_id] = points


def provisional_score(plan: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Print what the score is worth and return it, an item a row, with a last row of sums.

    Args:
        plan: item to its visible checks (grade_id to points); `hidden` and `marker` stand for what those may add.
    """
    rows = {}
    for title, parts in plan.items():
        visible = {name: points for name, points in parts.items() if name not in ("hidden", "marker")}
        rows[title] = {
            "passed": sum(min(_points_seen.get(name, 0), points) for name, points in visible.items()),
            "of": sum(visible.values()),
            "not run": sum(name not in _points_seen for name in visible),
            "a hidden test may add": parts.get("hidden", 0),
            "a marker may add": parts.get("marker", 0),
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.loc["All"] = table.sum()
    print(CAUTION)
    if left := int(table.loc["All", "not run"]):
        print(f"{left} checks have not run yet: choose Kernel → Restart Kernel and Run All Cells.")
    return table
