"""The chances are those that scipy's distributions give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import betabinom, binom, nbinom

from pipeline.health import chances

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_they_are_those_of_the_distributions(seed: int) -> None:
    chance = np.random.default_rng(seed)
    of = int(chance.integers(1, 500))
    good = int(chance.integers(0, of + 1))
    alpha, beta = chance.uniform(0.01, 60, 2)
    share = float(chance.uniform())
    assert chances.of_even(good, of, share) == pytest.approx(binom.cdf(good, of, share), rel=1e-9)
    assert chances.of_clustered(good, of, alpha, beta) == pytest.approx(betabinom.cdf(good, of, alpha, beta), rel=1e-9)
    found, expected, spread = chance.uniform(0, 90), chance.uniform(0.01, 90), chance.uniform(0.001, 3)
    wanted = nbinom.cdf(found, 1 / spread, 1 / (1 + spread * expected))
    assert chances.of_arrivals(found, expected, spread) == pytest.approx(wanted, rel=1e-9)


def test_at_the_ends() -> None:
    assert chances.of_clustered(10, 10, 3.0, 0.5) == pytest.approx(1.0)
    assert chances.of_clustered(0, 0, 3.0, 0.5) == pytest.approx(1.0)
    assert chances.of_even(3, 3, 0.4) == 1.0
