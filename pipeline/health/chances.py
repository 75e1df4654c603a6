"""How likely so few or fewer are. ``scipy.stats`` says the same, but takes a second to load and far longer to ask."""

from __future__ import annotations

import numpy as np


def of_even(good: int, of: int, share: float) -> float:
    """Of so few good ones, or fewer, if each is good with the same chance (binomial)."""
    from scipy.special import bdtr

    return float(bdtr(good, of, share))


def of_clustered(good: int, of: int, alpha: float, beta: float) -> float:
    """The same if the share itself varies, as a beta distribution with these parameters (beta binomial)."""
    from scipy.special import betaln

    some = np.arange(min(good, of) + 1)
    logs = (
        betaln(some + alpha, of - some + beta) - betaln(alpha, beta) - betaln(of - some + 1, some + 1) - np.log(of + 1)
    )
    return min(1.0, float(np.exp(logs).sum()))


def of_arrivals(arrived: float, expected: float, spread: float) -> float:
    """Of so few arrivals, or fewer, whose variance is ``expected + spread * expected ** 2`` (negative binomial)."""
    from scipy.special import betainc

    return float(betainc(1 / spread, np.floor(arrived) + 1, 1 / (1 + spread * expected)))
