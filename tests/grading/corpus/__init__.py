"""Submissions to the course in `course/`: hostile, broken and honest ones, each with the state and the points that it must end in.

Never run one outside a sandbox. `python -m tools.corpus` grades them all, with the engine and, shut in, with stock nbgrader.
"""

from .cases import ITEMS, SECRETS, Case, hand_in, make_course
from .exhaust import CASES as EXHAUST
from .files import CASES as FILES
from .forge import CASES as FORGE
from .honest import CASES as HONEST
from .notebooks import CASES as NOTEBOOKS
from .spy import CASES as SPY

CASES = {case.name: case for case in [*FORGE, *EXHAUST, *SPY, *NOTEBOOKS, *FILES, *HONEST]}

__all__ = ["CASES", "ITEMS", "SECRETS", "Case", "hand_in", "make_course"]
