"""Charset detection: decode a page by its declared charset as far as the bytes confirm it.

Servers often mislabel Russian pages (windows-1251 declared as UTF-8, koi8-r declared as windows-1251), and a detector
alone takes a UTF-8 page with five broken bytes for Baltic. The rules, in short: bytes that are valid UTF-8 are UTF-8; a
declared charset is used if the decoded letters look like a language; a few broken bytes (under 1 in 1,000) are
replaced and do not start a guess; a page that mixes UTF-8 and one other charset is decoded part by part; otherwise the
best of the charsets used for Russian is chosen. UTF-8 with pasted quotation marks and dashes of windows-1252 is
repaired, and a page that is windows-1252 throughout but declared as UTF-8 is decoded as windows-1252. The result names
the decision, which ends with ``broken`` if letters may be wrong.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# Possessive quantifiers throughout, so that a header or page of nothing but spaces causes no catastrophic backtracking.
_HTTP_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*+<\?xml[^>]{0,200}?encoding\s*+=\s*+[\"']\s*+([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CYRILLIC = ("windows-1251", "koi8-r", "cp866")
_ALIASES = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
}
_NO_CHARSETS = frozenset(
    codecs.lookup(name).name for name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape")
)
"""Python codecs that no page uses; some raise an error even with ``errors="replace"``."""
_BROKEN_SHARE = 0.001
_MIXED_SHARE = 0.1
"""Least share of Cyrillic UTF-8 among the non-ASCII bytes for an invalid UTF-8 body to count as a mix of charsets."""
_UTF8_CYRILLIC = re.compile(rb"(?:[\xd0\xd1][\x80-\xbf]){2,}")
"""Two or more Cyrillic letters in UTF-8; in the other Cyrillic charsets no usual word begins with these bytes."""
_SAMPLE = 200_000

_COMMON_PAIRS = frozenset(
    re.findall(
        r"\w\w",
        "ст но то на ен ов ни ра во ко ро по ал пр не ол ре ер го ли ть те ел ос ка ом ва ан ло ки ет от ти ор та ог "
        "ск ла ль да об из де ри ле ат ин за ил пе бы ем ми ам ес тр ве ия ии ие ый ой ых ак ма че ит ед до мо со ны "
        "ме ще их ся ши же жи ту ду ку пу бо зн вы вл сл дн нн эт чт ис см им ук ру ус уд ют ае аю ях ям лс бщ ав",
    )
)
"""Letter pairs that make up some two thirds of Russian text: enough to distinguish a right charset from a wrong one."""
_CYRILLIC_RUN = re.compile(r"[А-Яа-яЁё]{2,}")
_MIXED_WORD = re.compile(r"[a-z][А-Яа-яЁё]|[А-Яа-яЁё][a-z]|[а-яё][А-ЯЁ]")
_MARKS = {
    chr(0xDC00 + byte): bytes([byte]).decode("windows-1252")
    for byte in b"\x82\x84\x85\x8b\x91\x92\x93\x94\x96\x97\x99\x9b\xa0\xab\xbb"
}
"""Quotation marks, dashes, the ellipsis and the no-break space of windows-1252, by the lone surrogate that stands for
their byte in a text decoded as UTF-8 with ``surrogateescape``."""
_MARKS_PLACED = re.compile(f"(?<![Ѐ-ӿ])[{''.join(_MARKS)}]|[{''.join(_MARKS)}](?![Ѐ-ӿ])")
_BROKEN = re.compile("[\udc80-\udcff]")
_ODD = re.compile("[\u2500-\u259f\x80-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a body, and how its charset was decided: ``utf-8 declared``, ``windows-1251 detected`` ..."""

    text: str
    decision: str

    @property
    def certain(self) -> bool:
        """Whether all letters are certain to be right: the decision does not end with ``broken``."""
        return not self.decision.endswith("broken")


def decode_body(body: bytes, content_type: str = "") -> DecodedText:
    """The body as text, without byte order mark. Never raises: undecodable bytes are replaced and reported."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return DecodedText(body.decode(name, "replace").removeprefix("\ufeff"), f"{name} byte-order-mark")
    wide = _utf16(body)
    if wide:
        return DecodedText(body.decode(wide, "replace"), f"{wide} detected")
    declared = _declared(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, declared)
    stateful = next((name for name in declared if name.startswith(("iso-2022", "iso2022", "hz", "utf-7"))), None)
    if stateful and "\x1b" in text:
        return DecodedText(body.decode(stateful, "replace"), f"{stateful} declared")
    return DecodedText(text, "utf-8 declared" if "utf-8" in declared else "utf-8 detected")


def _declared(body: bytes, content_type: str) -> list[str]:
    """Charsets declared by header, XML declaration and meta element, in that order; only those Python knows."""
    head = body[:4096]
    found = [m.group(1) for m in [_HTTP_CHARSET.search(content_type)] if m]
    found += [
        m.group(1).decode("ascii", "replace") for m in (_XML_ENCODING.search(head), _META_CHARSET.search(head)) if m
    ]
    known = []
    for name in found:
        try:
            canonical = codecs.lookup(name).name
            b"".decode(name)  # LookupError for codecs that are not for text, such as base64
        except (LookupError, ValueError):
            continue
        if canonical in _NO_CHARSETS:
            continue
        canonical = _ALIASES.get(name.lower(), "windows-1252" if canonical in ("iso8859-1", "ascii") else canonical)
        known.append({"cp1251": "windows-1251", "cp1252": "windows-1252"}.get(canonical, canonical))
    return list(dict.fromkeys(known))


def _utf16(body: bytes) -> str | None:
    """Detect UTF-16 without byte order mark by its NUL bytes: Latin markup has one in every second byte."""
    sample = body[:2000]
    if len(sample) < 8 or sample.count(0) < len(sample) // 5:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _not_utf8(body: bytes, declared: list[str]) -> DecodedText:
    pasted = _western_marks(body) if "utf-8" in declared or not declared else None
    if pasted:
        return pasted
    sample = body[:_SAMPLE]
    replaced = body.decode("utf-8", "replace")
    others = [name for name in declared if name != "utf-8"]
    broken_bytes = len(_BROKEN.findall(body.decode("utf-8", "surrogateescape")))
    broken = replaced.count("\ufffd") / max(
        1, sum(byte > 127 for byte in sample) if len(body) <= _SAMPLE else len(body)
    )
    if broken < _BROKEN_SHARE * 10 and ("utf-8" in declared or broken < _BROKEN_SHARE):
        return DecodedText(replaced, "utf-8 declared, broken" if "utf-8" in declared else "utf-8 detected, broken")
    mixed = _mixed(body)
    if mixed:
        return mixed
    scores = {name: _likeness(sample.decode(name, "replace")) for name in _CYRILLIC}
    best = max(scores, key=lambda name: scores[name])
    for name in others:
        if name in scores and scores[name] >= scores[best] - 0.1:
            return DecodedText(body.decode(name, "replace"), f"{name} declared")
        if name not in scores and scores[best] < 0.5:
            return _as_declared(body, name)
    if scores[best] >= 0.3:
        return DecodedText(body.decode(best, "replace"), f"{best} detected")
    if others:
        return _as_declared(body, others[0])
    if "utf-8" in declared and len(body.decode("utf-8", "ignore").encode().translate(None, _ASCII)) > broken_bytes:
        return DecodedText(replaced, "utf-8 declared, broken")
    return DecodedText(body.decode("windows-1252", "replace"), "windows-1252 detected, broken")


def _western_marks(body: bytes) -> DecodedText | None:
    """Repair UTF-8 whose only invalid bytes are punctuation of windows-1252; None if there are others.

    Such bytes between two Cyrillic letters do not count: there they are letters that have lost their first byte.
    """
    text = body.decode("utf-8", "surrogateescape")
    marked = _MARKS_PLACED.sub(lambda found: _MARKS[found.group()], text)
    if _BROKEN.search(marked):
        return None
    return DecodedText(marked, "utf-8 and windows-1252 detected")


def _mixed(body: bytes) -> DecodedText | None:
    """Decode a body that mixes UTF-8 and one Cyrillic charset, each part by its own; None for any other body."""
    parts = _UTF8_CYRILLIC.findall(body)
    foreign = len(body) - len(body.decode("ascii", "ignore"))
    if sum(map(len, parts)) < _MIXED_SHARE * foreign:
        return None
    rest = _UTF8_CYRILLIC.sub(b" ", body)[-_SAMPLE:]
    scores = {name: _likeness(rest.decode(name, "replace")) for name in _CYRILLIC}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < 0.3:
        return None
    pieces, end = [], 0
    for match in _UTF8_CYRILLIC.finditer(body):
        pieces += [_either(body[end : match.start()], best), match.group().decode("utf-8")]
        end = match.end()
    return DecodedText("".join([*pieces, _either(body[end:], best)]), f"utf-8 and {best} detected, broken")


def _either(part: bytes, name: str) -> str:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        return part.decode(name, "replace")


def _as_declared(body: bytes, name: str) -> DecodedText:
    try:
        return DecodedText(body.decode(name), f"{name} declared")
    except UnicodeDecodeError:
        return DecodedText(body.decode(name, "replace"), f"{name} declared, broken")


def _likeness(text: str) -> float:
    """How much a text looks like Russian: share of common letter pairs, less odd characters and mixed-script words."""
    runs = _CYRILLIC_RUN.findall(text)
    pairs = [run[i : i + 2].lower() for run in runs[:4000] for i in range(len(run) - 1)]
    if not pairs:
        return 0.0
    common = sum(pair in _COMMON_PAIRS for pair in pairs) / len(pairs)
    odd = (len(_ODD.findall(text)) + len(_MIXED_WORD.findall(text))) / len(pairs)
    return common - min(1.0, odd)


def _read_as(charset: str) -> str:
    """The characters that UTF-8 continuation bytes become in a single-byte charset, for use in a character class."""
    return re.escape(bytes(range(0x80, 0xC0)).decode(charset, "ignore")) + "\u0080-\u00bf"


_DOUBLE = {
    "windows-1252": ("ÂÃÐÑâ", re.compile(f"[ÂÃÐÑâ][{_read_as('windows-1252')}]")),
    "windows-1251": ("РСВв", re.compile(f"[РСВв][{_read_as('windows-1251')}]")),
}
"""By intermediate charset: the characters that UTF-8 lead bytes become, and a pattern for one with its continuation."""
_ASCII = bytes(range(128))
_RUNS = re.compile("[\x00-\x7f]+|[^\x00-\x7f]+")


def fix_double_encoding(text: str) -> str:
    """Repair text that was encoded to UTF-8 twice (mojibake); any other text is given back unchanged.

    A text is repaired if at least 3 of its letters, and four fifths of those beyond ASCII, are doubly encoded. It is
    repaired piece by piece, so that one broken letter does not keep the rest broken.
    """
    if text.isascii():
        return text
    characters = text.encode("utf-8", "replace").translate(None, _ASCII).decode("utf-8")
    foreign = len(characters)
    for between, (leads, pattern) in _DOUBLE.items():
        if sum(map(characters.count, leads)) * 9 < foreign * 4:
            continue
        doubled = len(pattern.findall(text))
        if doubled >= 3 and doubled * 5 >= (foreign - doubled) * 4:
            return "".join(_once(run, between) for run in _RUNS.findall(text))
    return text


def _once(run: str, between: str) -> str:
    raw = bytearray()
    for char in run:
        try:
            raw += char.encode(between)
        except UnicodeEncodeError:
            if ord(char) > 255:
                return run
            raw.append(ord(char))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        kept = raw.decode("utf-8", "ignore")
        return kept if len(kept) * 3 > len(raw) else run
