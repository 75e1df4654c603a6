"""The beat: the topic of the newsroom as words by language, by which an article counts as relevant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipeline.config.document import load_model
from pipeline.config.settings import SHIPPED, Settings

FILE = "beat.yaml"


def _phrase(value: str) -> str:
    if not value.strip("* "):
        raise ValueError("a term needs letters")
    if "*" in value.replace("* ", " ").removesuffix("*"):
        raise ValueError("a * stands only at the end of a word")
    return " ".join(value.split())


Phrase = Annotated[str, AfterValidator(_phrase)]
"""Consecutive words. ``*`` at the end of a word stands for any ending; a capital letter must be one in the text too."""


class _BeatModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BeatWords(_BeatModel):
    """The words of one language."""

    terms: tuple[Phrase, ...] = ()
    """Each makes an article relevant by itself."""
    country: tuple[Phrase, ...] = ()
    """Names of the country: relevant only together with ..."""
    affairs: tuple[Phrase, ...] = ()
    """... one of these in the same paragraph."""


class Beat(_BeatModel):
    """The topic of the newsroom. Terms of all languages are searched in every text, as names appear in any language."""

    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...] = ()
    """ISO 3166-1 codes. Roster speakers of these countries belong to the beat; so do those without a country."""
    words: dict[str, BeatWords] = Field(min_length=1)
    """By ISO 639-1 code; ``xx`` for every language without words of its own."""


def load_beat(settings: Settings) -> Beat:
    """The user's ``beat.yaml`` if there is one, else the shipped one. ConfigError names file, line and field."""
    if settings.own_config is not None:
        own = settings.own_config / FILE
        if own.exists():
            return read_beat(own)
    return read_beat(SHIPPED / FILE)


def read_beat(path: Path) -> Beat:
    """The beat in one file. ConfigError names file, line and field of what is wrong."""
    beat: Beat = load_model(Beat, path)
    return beat
