"""The formal models: known values, identities on random input, and an explanation for what is out of range."""

import random

import pytest

from military_diplomacy.models.reassurance import (
    imitation_rate,
    observed_rate,
    posterior,
    screening_stake,
    signals_needed,
    trust_threshold,
)

near = pytest.approx


def test_reassurance_gives_the_figures_that_the_course_quotes():
    assert trust_threshold() == near(2 / 3)
    assert screening_stake() == near(5 / 7)
    assert trust_threshold(screening_stake()) == near(10 / 21)
    assert posterior(0.3, 1) == near(8 / 15)
    assert posterior(0.3, 2) == near(0.7529, abs=1e-4)
    assert posterior(0.3, 2, 1) == near(0.4655, abs=1e-4)
    assert posterior(0.3, 1, error=0.2) == near(0.434, abs=1e-3)
    assert [signals_needed(0.3, trust_threshold(), error=error) for error in (0, 0.2, 0.4, 0.5)] == [2, 3, 8, None]
    assert trust_threshold(0.45) == near(0.3)  # a belief of 30 dares less than half of what is at issue
    assert [round(100 * posterior(0.3, kept, 1)) for kept in (0, 1, 9)] == [11, 25, 100]
    assert imitation_rate(0.71) == 0.8
    assert imitation_rate(0.72) == imitation_rate(screening_stake()) == 0.3


def test_trust_and_the_telling_stake_follow_the_logic_of_the_game():
    draw = random.Random(1)
    for _ in range(300):
        exploitation, conflict, temptation, reward, greedy = sorted(draw.uniform(-5, 5) for _ in range(5))
        payoffs = {"reward": reward, "temptation": temptation, "exploitation": exploitation, "conflict": conflict}
        low, high = sorted((draw.random(), draw.random()))
        assert trust_threshold(0, **payoffs) == 0
        assert trust_threshold(low, **payoffs) <= trust_threshold(high, **payoffs) <= trust_threshold(**payoffs) < 1
        # At the threshold, a secure state gains as much by the step as by waiting.
        trust = trust_threshold(high, **payoffs)
        step = trust * reward + (1 - trust) * (high * exploitation + (1 - high) * conflict)
        wait = trust * (high * temptation + (1 - high) * conflict) + (1 - trust) * conflict
        assert step == near(wait)
        # At the telling stake, a greedy state gains as much by copying as by taking at once.
        stake = screening_stake(reward=reward, temptation_greedy=greedy, conflict=conflict)
        assert 0.5 < stake < 1
        assert stake * reward + (1 - stake) * greedy == near(stake * greedy + (1 - stake) * conflict)


def test_beliefs_follow_the_evidence_and_nothing_else():
    draw = random.Random(2)
    for _ in range(300):
        prior, error = draw.uniform(0.01, 0.99), draw.uniform(0, 0.49)
        greedy, secure = sorted(draw.uniform(0.02, 0.98) for _ in range(2))
        rates = {"rate_secure": secure, "rate_greedy": greedy, "error": error}
        kept, broken = draw.randrange(6), draw.randrange(6)
        step_by_step = prior
        for seen in draw.sample([True] * kept + [False] * broken, kept + broken):
            step_by_step = posterior(step_by_step, int(seen), int(not seen), **rates)
        assert step_by_step == near(posterior(prior, kept, broken, **rates))
        assert posterior(prior, 0, 1, **rates) <= prior <= posterior(prior, 1, **rates)
        assert posterior(prior, 1, **rates) <= posterior(prior, 1, **{**rates, "error": error / 2})
        blind = {**rates, "error": 0.5}
        assert observed_rate(secure, 0.5) == near(0.5)
        assert posterior(prior, kept, broken, **blind) == near(prior)
        cheap = {**rates, "rate_greedy": imitation_rate(0.5, rate_secure=secure, rate_greedy=greedy)}
        assert posterior(prior, 10, **cheap) == near(prior)
        threshold = draw.uniform(0.01, 0.99)
        needed = signals_needed(prior, threshold, **rates)
        if needed is not None and needed < 200:
            assert posterior(prior, needed, **rates) >= threshold - 1e-9
            assert needed == 0 or posterior(prior, needed - 1, **rates) < threshold
        assert signals_needed(prior, prior, **cheap) == 0
        assert signals_needed(prior, (1 + prior) / 2, **cheap) is None


def test_thousands_of_steps_are_not_too_many():
    for steps in (1000, 1500, 3500, 100_000):
        assert posterior(0.3, steps) == 1 and posterior(0.3, 0, steps) == 0
        assert posterior(0.3, steps, rate_greedy=0.8) == posterior(0.3, steps, error=0.5) == near(0.3)
        assert posterior(0, steps) == 0 and posterior(1, 0, steps) == 1
    balanced = {"rate_secure": 0.6, "rate_greedy": 0.4}
    assert posterior(0.3, 4001, 4000, **balanced) == near(posterior(0.3, 1, **balanced))


def test_a_threshold_that_is_met_exactly_is_met():
    for steps in range(1, 12):
        assert signals_needed(0.3, posterior(0.3, steps)) == steps


@pytest.mark.parametrize(
    ("wrong", "explained"),
    [
        (lambda: trust_threshold(1.5), "expected stake from 0 to 1, found 1.5"),
        (lambda: trust_threshold(float("nan")), "expected stake from 0 to 1, found nan"),
        (lambda: trust_threshold(temptation=1.2), "expected reward > temptation"),
        (lambda: trust_threshold(reward="1"), "expected reward as a number, found '1'"),
        (lambda: screening_stake(temptation_greedy=0.9), "expected temptation_greedy > reward > conflict"),
        (lambda: imitation_rate(-0.1), "expected stake from 0 to 1, found -0.1"),
        (lambda: observed_rate(0.5, 0.6), "expected error from 0 to 0.5, found 0.6"),
        (lambda: posterior(30, 1), "expected prior from 0 to 1, found 30"),
        (lambda: posterior(0.3, 1.5), "expected kept as a whole number, 0 or more, found 1.5"),
        (lambda: posterior(0.3, 1, -1), "expected broken as a whole number, 0 or more, found -1"),
        (lambda: posterior(0.3, 0, 1, rate_secure=1, rate_greedy=1), "expected observations that one kind"),
        (lambda: signals_needed(0.3, 1), "expected a threshold below 1"),
    ],
)
def test_what_is_out_of_range_is_explained(wrong, explained):
    with pytest.raises(ValueError, match=explained):
        wrong()
