"""Lower-tail probabilities. ``scipy.stats`` has them too, but takes a second to import and is much slower per call."""

from __future__ import annotations

import numpy as np


def of_even(good: int, of: int, share: float) -> float:
    """Probability of ``good`` or fewer successes out of ``of``, each with probability ``share`` (binomial)."""
    from scipy.special import bdtr

    return float(bdtr(good, of, share))


def of_clustered(good: int, of: int, alpha: float, beta: float) -> float:
    """The same if the probability itself varies, with a beta distribution of these parameters (beta-binomial)."""
    from scipy.special import betaln

    some = np.arange(min(good, of) + 1)
    logs = (
        betaln(some + alpha, of - some + beta) - betaln(alpha, beta) - betaln(of - some + 1, some + 1) - np.log(of + 1)
    )
    return min(1.0, float(np.exp(logs).sum()))


def of_arrivals(arrived: float, expected: float, spread: float) -> float:
    """Probability of so few arrivals, or fewer (negative binomial).

    Mean ``expected``, variance ``expected + spread * expected ** 2``.
    """
    from scipy.special import betainc

    return float(betainc(1 / spread, np.floor(arrived) + 1, 1 / (1 + spread * expected)))
