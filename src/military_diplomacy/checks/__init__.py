"""What the exercises' test cells call: compare an answer, and say what to look at.

A check accepts every reasonable form of a right answer and raises `CheckError` otherwise. Its message names what was
expected, what was found and where to look. Comparisons are of content; a learner's source is never read. Everywhere
`what` is the expression that was tried, for the message, and `known_wrong` gives a wrong answer that many give the
sentence that sets it right.

    call                                        run the learner's function
    number, whole_number, nothing, date         one value
    choice, choices                             one option, or several, of those offered
    counts, numbers_by, sequence, table         many values
    item, provisional_score                     what has passed in this kernel, for the learner alone
"""

from .answer import CheckError, call
from .many import counts, numbers_by, sequence, table
from .one import choice, choices, date, nothing, number, whole_number
from .score import item, provisional_score

__all__ = [
    "CheckError",
    "call",
    "choice",
    "choices",
    "counts",
    "date",
    "item",
    "nothing",
    "number",
    "numbers_by",
    "provisional_score",
    "sequence",
    "table",
    "whole_number",
]
