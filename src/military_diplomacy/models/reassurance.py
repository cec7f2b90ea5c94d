"""Reassurance: when does a step toward the other side build trust?

Two states do not know each other's kind. A *secure* state would rather co-operate than exploit; a *greedy* one would
rather exploit. Each holds a belief: the probability, 0 to 1, that the other is secure. Payoffs, in any one unit:

    reward        both co-operate
    temptation    exploiting one that co-operates (below the reward for the secure, above it for the greedy)
    conflict      neither co-operates
    exploitation  co-operating with one that exploits

Source of the logic: Kydd (2000), Trust, Reassurance, and Cooperation, International Organization 54(2), 325-357,
doi 10.1162/002081800551190; Kydd (2005), Trust and Mistrust in International Relations, Princeton. The idea of a first round
that stakes a share of the whole is Kydd's (2000, 333-340). Ours: both sides choose at once, so that the threshold differs from
his, S/(R + S) with P = 0 and the loss of the exploited as S; a least telling stake that does not depend on belief, where his
falls as mistrust deepens; the fixed rates of keeping a step; and the error of observation. The numbers are chosen, not
estimated. Of the article itself only the abstract was seen, and an implementation that names its pages.

What it leaves out: kinds that change, states that learn to fake, more than two kinds, and what each believes that the
other believes.
"""

from math import ceil, exp, inf, log
from numbers import Integral, Real

NUMBER = (float, Real)  # float first: to ask the abstract class takes longer than the model


def trust_threshold(
    stake: float = 1.0,
    *,
    reward: float = 1.0,
    temptation: float = 0.8,
    exploitation: float = 0.0,
    conflict: float = 0.4,
) -> float:
    """Return the least belief at which a secure state takes a step.

    The step puts the share `stake` of all that is at issue at risk. If it is returned, both co-operate in the rest too;
    if not, the rest is conflict. With R reward, T temptation, S exploitation, P conflict, s stake:

        t = s (P - S) / (s (P - S) + R - s T - (1 - s) P)        at s = 1: (P - S) / (R - T + P - S)

    Args:
        stake: share of the whole that is at risk, 0 to 1.
        reward, temptation, exploitation, conflict: payoffs of a secure state, R > T >= P > S.

    Returns:
        Probability, 0 to 1. It rises with the stake.

    Raises:
        ValueError: the stake is out of range, or the payoffs are not in this order.
    """
    _share("stake", stake)
    payoffs = {"reward": reward, "temptation": temptation, "conflict": conflict, "exploitation": exploitation}
    _numbers(payoffs)
    if not reward > temptation >= conflict > exploitation:
        raise ValueError(f"expected reward > temptation >= conflict > exploitation for a secure state, found {payoffs}")
    loss = stake * (conflict - exploitation)
    gain = reward - stake * temptation - (1 - stake) * conflict
    return loss / (loss + gain)


def screening_stake(*, reward: float = 1.0, temptation_greedy: float = 1.4, conflict: float = 0.4) -> float:
    """Return the least stake at which a greedy state no longer copies a step. Ours: in Kydd (2000) it depends on belief too.

    Below it the greedy return the step in order to exploit the rest; from it on, taking at once pays them at least as
    well. With R reward, G temptation of the greedy, P conflict:

        s_min = (G - P) / ((G - P) + (G - R))

    Args:
        reward, temptation_greedy, conflict: payoffs of a greedy state, G > R > P.

    Returns:
        Share of the whole, above 1/2 and below 1.

    Raises:
        ValueError: the payoffs are not in this order.
    """
    payoffs = {"temptation_greedy": temptation_greedy, "reward": reward, "conflict": conflict}
    _numbers(payoffs)
    if not temptation_greedy > reward > conflict:
        raise ValueError(f"expected temptation_greedy > reward > conflict for a greedy state, found {payoffs}")
    return (temptation_greedy - conflict) / ((temptation_greedy - conflict) + (temptation_greedy - reward))


def imitation_rate(
    stake: float,
    *,
    rate_secure: float = 0.8,
    rate_greedy: float = 0.3,
    reward: float = 1.0,
    temptation_greedy: float = 1.4,
    conflict: float = 0.4,
) -> float:
    """Return how often a greedy state keeps steps of this stake. Ours.

    Below `screening_stake` it copies them: it keeps them as often as the secure, so that nothing can be learnt. From
    there on it keeps them at its own rate.

    Args:
        stake: share of the whole that each step puts at risk, 0 to 1.
        rate_secure, rate_greedy: shares of telling steps that each kind keeps, 0 to 1.
        reward, temptation_greedy, conflict: as for `screening_stake`.

    Returns:
        Share of steps kept, 0 to 1: the `rate_greedy` to give to `posterior`.

    Raises:
        ValueError: a share is out of range, or the payoffs are not in order.
    """
    _share("stake", stake)
    _share("rate_secure", rate_secure)
    _share("rate_greedy", rate_greedy)
    least = screening_stake(reward=reward, temptation_greedy=temptation_greedy, conflict=conflict)
    return rate_secure if stake < least else rate_greedy


def observed_rate(rate: float, error: float) -> float:
    """Return how often a step is *seen* as kept that is kept with probability `rate`. Ours.

        seen = rate (1 - error) + (1 - rate) error

    Args:
        rate: share of steps that are kept, 0 to 1.
        error: share of observations that are wrong either way, 0 (all seen rightly) to 0.5 (no better than a coin).

    Returns:
        Share of steps seen as kept, 0 to 1.

    Raises:
        ValueError: an argument is out of range.
    """
    _share("rate", rate)
    _share("error", error, 0.5)
    return rate * (1 - error) + (1 - rate) * error


def posterior(
    prior: float,
    kept: int,
    broken: int = 0,
    *,
    error: float = 0.0,
    rate_secure: float = 0.8,
    rate_greedy: float = 0.3,
) -> float:
    """Return the belief that the other is secure, after steps that were seen as kept or broken. Their order is irrelevant.

    Bayes' rule, with r and f the `observed_rate` of the secure and of the greedy:

        odds = prior odds * (r / f)^kept * ((1 - r) / (1 - f))^broken

    Args:
        prior: belief before, 0 to 1.
        kept, broken: how many steps were seen as kept and as broken, 0 or more.
        error: share of observations that are wrong, 0 to 0.5.
        rate_secure, rate_greedy: shares of steps that each kind keeps, 0 to 1.

    Returns:
        Probability, 0 to 1.

    Raises:
        ValueError: an argument is out of range, or neither kind could have done what was seen.
    """
    _share("prior", prior)
    _count("kept", kept)
    _count("broken", broken)
    seen_secure, seen_greedy = observed_rate(rate_secure, error), observed_rate(rate_greedy, error)
    kinds = [(prior, _log_chance(seen_secure, kept, broken)), (1 - prior, _log_chance(seen_greedy, kept, broken))]
    likeliest = max(log_chance for share, log_chance in kinds if share)
    if likeliest == -inf:
        raise ValueError(
            f"expected observations that one kind at least could cause, found kept={kept}, broken={broken} "
            f"with prior={prior}, error={error}, rate_secure={rate_secure}, rate_greedy={rate_greedy}"
        )
    secure, greedy = (share and share * exp(log_chance - likeliest) for share, log_chance in kinds)
    return secure / (secure + greedy)


def signals_needed(
    prior: float,
    threshold: float,
    *,
    error: float = 0.0,
    rate_secure: float = 0.8,
    rate_greedy: float = 0.3,
) -> int | None:
    """Return the fewest steps, all seen as kept, that bring the belief from `prior` to `threshold`; None if none do.

        the least whole n with prior odds * (r / f)^n >= threshold odds, r and f as in `posterior`

    Args:
        prior: belief before, 0 to 1.
        threshold: belief to reach, 0 or more and below 1, as from `trust_threshold`.
        error, rate_secure, rate_greedy: as for `posterior`.

    Raises:
        ValueError: an argument is out of range.
    """
    _share("prior", prior)
    _share("threshold", threshold)
    if threshold == 1:
        raise ValueError("expected a threshold below 1, found 1: no number of steps makes certain")
    seen_secure, seen_greedy = observed_rate(rate_secure, error), observed_rate(rate_greedy, error)
    if prior >= threshold:
        return 0
    if prior == 0 or seen_secure <= seen_greedy:
        return None
    if seen_greedy == 0:
        return 1
    needed = log(threshold / (1 - threshold) * (1 - prior) / prior) / log(seen_secure / seen_greedy)
    return max(1, ceil(needed - 1e-9))  # a threshold that n steps meet exactly is met by n, whatever the rounding


def _log_chance(seen: float, kept: int, broken: int) -> float:
    """Return the logarithm of the chance of what was seen: the chance itself of some thousand steps is no number above 0."""
    return sum(count * (log(rate) if rate else -inf) for rate, count in ((seen, kept), (1 - seen, broken)) if count)


def _share(name: str, value: float, most: float = 1) -> None:
    if not isinstance(value, NUMBER) or not 0 <= value <= most:
        raise ValueError(f"expected {name} from 0 to {most}, found {value!r}")


def _count(name: str, value: int) -> None:
    if not isinstance(value, Integral) or value < 0:
        raise ValueError(f"expected {name} as a whole number, 0 or more, found {value!r}")


def _numbers(payoffs: dict[str, float]) -> None:
    for name, value in payoffs.items():
        if not isinstance(value, NUMBER):
            raise ValueError(f"expected {name} as a number, found {value!r}")
