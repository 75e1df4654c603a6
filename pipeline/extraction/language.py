"""Language detection: by letters or function words where they decide, else by a trained model."""

from __future__ import annotations

import re

_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_BELARUSIAN = re.compile("[ўЎ]")
_RUSSIAN = re.compile("[ыэъЫЭЪ]")
_OTHER_CYRILLIC = re.compile("[әғқңөұүһӘҒҚҢӨҰҮҺђћљњџѓќѕјЂЋЉЊЏЅЈ]")
_SAMPLE = 4000
_ENGLISH = re.compile(r"\b(?:the|and|of|that|with|from|which)\b", re.IGNORECASE)
"""Function words that no other language of Latin letters has all of; in English prose they are one word in seven."""
_ENGLISH_SHARE = 0.08


def language_of(text: str, hint: str | None = None) -> str:
    """ISO 639-1 code. ``hint`` (the source's language) decides where the text is too short."""
    sample = text[:_SAMPLE]
    cyrillic, latin = (sum(map(len, script.findall(sample))) for script in (_CYRILLIC, _LATIN))
    if cyrillic + latin < 20:
        return hint or "und"
    if cyrillic > latin:
        return _cyrillic(sample, cyrillic)
    if hint and cyrillic + latin < 200:
        return hint
    words = sample[:1200].split()
    if len(words) >= 40 and len(_ENGLISH.findall(sample[:1200])) >= _ENGLISH_SHARE * len(words):
        return "en"
    return _modelled(sample)


def _cyrillic(sample: str, letters: int) -> str:
    if len(_BELARUSIAN.findall(sample)) * 100 > letters:
        return "be"
    ukrainian, russian = len(_UKRAINIAN.findall(sample)), len(_RUSSIAN.findall(sample))
    if ukrainian > russian and ukrainian * 100 > letters:
        return "uk"
    if russian * 200 >= letters and len(_OTHER_CYRILLIC.findall(sample)) * 100 < letters:
        return "ru"
    return _modelled(sample)


def _modelled(sample: str) -> str:
    import py3langid  # loads a model: only where letters do not decide

    return str(py3langid.classify(sample[:1200])[0])
