"""Reassurance: what steps kept or broken let two sides infer about each other.

The wrong prediction: ten small steps, all kept, build as much trust as one large step. The widget opens on ten small steps
and a line that stays flat; raised slowly, the stake moves nothing until a greedy state would no longer copy the step,
and there the line leaps. The second, to be tried next: what is done in plain view speaks for itself. With 40 of 100
observations wrong, full co-operation needs eight kept steps, where two do in plain view. The third: a broken step costs the same
whenever it comes. Broken second it costs half of the belief; broken ninth, nothing that shows.
"""

import traitlets

from .. import references
from ..models.reassurance import imitation_rate, posterior, screening_stake, signals_needed, trust_threshold
from .course_widget import CourseWidget, module, styles

_CHEAP, _TELLING = 0.1, 0.75  # stakes that the texts compare
_STEPS = 10


class Reassurance(CourseWidget):
    """Two sides, A and B, take steps and watch each other's; A may break one.

    Attributes:
        prior: belief of each, before any step, that the other is secure; 0 to 1.
        stake: share of all that is at issue that each step puts at risk; 0.05 to 1.
        steps: how many steps each side has taken; 1 to 10.
        error: share of observations that are wrong; 0 to 0.5.
        broken: which of its steps A breaks; 0 for none.
    """

    _esm = module("reassurance")
    _css = styles("reassurance")

    prior = traitlets.Float(0.3, min=0, max=1).tag(sync=True)
    stake = traitlets.Float(_CHEAP, min=0.05, max=1).tag(sync=True)
    steps = traitlets.Int(_STEPS, min=1, max=_STEPS).tag(sync=True)
    error = traitlets.Float(0.0, min=0, max=0.5).tag(sync=True)
    broken = traitlets.Int(0, min=0, max=_STEPS).tag(sync=True)

    def __init__(self, **texts):
        super().__init__(**texts)
        start = _in_100(self.prior)
        self.title = self.title or "How much trust does a step build?"
        self.prompt = self.prompt or (
            f"Raise the stake until the line leaves {start}. Go on to {_percent(_TELLING)}%, and count the steps that full "
            "co-operation needs; count again with 40% seen wrongly. Back at 0%, let A break step 2 and see what it costs; break step 9 and compare."
        )
        self.predict = self.predict or {
            "ask": "Two states cannot see into each other. A secure one would rather co-operate, a greedy one would rather "
            f"exploit; each gives the other {start} chances in 100 of being secure. Each now takes ten small steps, with a tenth of what is "
            "at issue at stake in each, and keeps them all in plain view. How much trust do they build?",
            "options": [
                "More than one large step: they are many",
                "About as much as one large step",
                "Some, but less than one large step",
                "None",
            ],
            "right": 3,
            "because": f"The line stays flat at {_in_100(self._belief(_CHEAP, _STEPS))}. A greedy state keeps small steps too, so as to exploit "
            "the rest later: they do not tell the kinds apart. A large step does; find out how large.",
        }
        works = " and ".join(references.find(key).label for key in ("kydd2000trust", "kydd2005trust"))
        self.caption = self.caption or (
            f"Model: reassurance after {works}, simplified. Numbers are chosen for teaching, not estimated, for Korea or elsewhere."
        )

    def _belief(self, stake: float, steps: int, error: float = 0.0) -> float:
        return posterior(self.prior, steps, error=error, rate_greedy=imitation_rate(stake))

    def alternative(self) -> str:
        names = (
            "At stake in each step",
            "Seen wrongly",
            *(f"Belief after {n}" for n in (1, 2, _STEPS)),
            "Steps to full co-operation",
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        rows = ""
        for stake, error in ((_CHEAP, 0), (0.7, 0), (_TELLING, 0), (_TELLING, 0.2), (_TELLING, 0.4), (_TELLING, 0.5)):
            beliefs = [f"{_in_100(self._belief(stake, n, error))} in 100" for n in (1, 2, _STEPS)]
            needed = signals_needed(self.prior, trust_threshold(), error=error, rate_greedy=imitation_rate(stake))
            cells = (f"{_percent(error)}%", *beliefs, "never" if needed is None else needed)
            rows += (
                f'<tr><th scope="row">{_percent(stake)}%</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
            )
        return (
            f"<p>Each side begins with {_in_100(self.prior)} chances in 100 that the other is secure. A greedy state copies steps with up to "
            f"{_percent(screening_stake())}% at stake, so that they tell nothing. Full co-operation needs {_in_100(trust_threshold())} in 100.</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def _in_100(belief: float) -> int:
    return min(99, max(1, _percent(belief)))  # no evidence makes certain


def _percent(share: float) -> int:
    return round(100 * share)
