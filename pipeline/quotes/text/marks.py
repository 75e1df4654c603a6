"""Quotation marks: which stretches of a paragraph stand in them.

One pass over the marks of a paragraph with a stack, so that the cost grows with the number of marks and nothing else.
Marks that are lost or doubled spoil their own paragraph only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile("\"|«|»|“|”|„|‟|''|``")
_OPENING_SINGLE = re.compile(r"[‘'](?=\w)(?<!\w.)")
_SINGLE = re.compile(r"[‘’']")
_CLOSERS_OF = {"«": "»", "“": '”"“', "„": "“”", '"': '"”', "``": "''", "''": "''"}
_DASH = re.compile(r"(?:[,.!?]|(?<=[,!?]\S))\s*[—–]\s")
_LAST = re.compile(r"[.!?…]?\s*$")
"""What follows a closing mark that closes the words around it as well: a dash, the end."""
_STOPS = frozenset(".!?…")
_MOST_REPAIRS = 4
_MOST_SHARED = 6
"""Marks tried in a paragraph in which they do not pair; the bounds keep the cost linear."""
_LONGEST_NESTING = 8
_FARTHEST_BACK = 6


@dataclass(slots=True)
class Region:
    """A stretch in marks; the span includes them. ``opened`` and ``closed`` say whether the mark is really there."""

    start: int
    end: int
    opened: bool = True
    closed: bool = True

    def inner(self, text: str) -> str:
        """The words without the marks."""
        return text[self.start + (1 if self.opened else 0) : self.end - (1 if self.closed else 0)]


def marked_regions(text: str, start: int, end: int) -> list[Region]:
    """The outermost stretches in marks of ``text[start:end]``, in order, never overlapping."""
    found, inner, opener = _paired(text, start, end)
    if not found and opener is None:
        return _singles(text, start, end) if _OPENING_SINGLE.search(text, start, end) else []
    for _ in range(_MOST_REPAIRS):
        if opener is None:
            return found
        repaired = _repaired(text, opener, inner, end)
        if repaired is None:
            break
        region, at = repaired
        found += [region] if region is not None else []
        more, inner, opener = _paired(text, at, end)
        found += more
    if opener is not None:
        found.append(Region(opener, _trimmed(text, opener, end), closed=False))
    return found


def _paired(text: str, start: int, end: int) -> tuple[list[Region], list[Region], int | None]:
    """The outermost pairs; and, if a mark stays open, the pairs within what it opens and where it stands."""
    found: list[Region] = []
    inner: list[Region] = []
    stack: list[tuple[str, int]] = []
    for match in _MARK.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if _closes(text, mark, at, match.end(), stack, end):
            depth = len(stack)
            opened = stack[1][1] if depth > 1 else at
            _close(text, stack, mark, found, at, match.end(), start)
            if depth > 1 and len(stack) == 1:
                inner.append(Region(opened, match.end()))
            elif not stack:
                inner = []
        elif mark in _CLOSERS_OF and len(stack) < _LONGEST_NESTING:
            stack.append((mark, at))
    return found, inner, stack[0][1] if stack else None


def _repaired(text: str, opener: int, inner: list[Region], end: int) -> tuple[Region | None, int] | None:
    """What a mark holds that nothing closes, and where to read on; None if all that follows may stand in it.

    An inner mark closes it too where the words end there (``«... завода «Север», — сказал``). Where the inner marks
    hold a sentence and its attribution follows, the closing mark of the first was lost, and it counts for nothing.
    """
    for k, pair in enumerate(inner[:_MOST_SHARED]):
        alike = text[pair.start] == text[opener]
        if k == 0 and alike and _said_after(text, pair, end) and _new_sentence(text, opener, pair):
            return None, pair.start
        if _DASH.match(text, pair.end, end) or _LAST.match(text, pair.end, end):
            return Region(opener, pair.end), pair.end
        if alike and "," in (text[pair.end - 2], text[pair.end : pair.end + 1]):
            following, _, unclosed = _paired(text, pair.end, end)
            if following and unclosed is None:
                return Region(opener, pair.end), pair.end
    return None


def _said_after(text: str, pair: Region, end: int) -> bool:
    return text[pair.end - 2] == "," or _DASH.match(text, pair.end, end) is not None


def _new_sentence(text: str, opener: int, pair: Region) -> bool:
    before = text[max(opener + 1, pair.start - 3) : pair.start].rstrip()[-1:]
    return before in _STOPS and text[pair.start + 1 : pair.start + 2].isupper()


def _singles(text: str, start: int, end: int) -> list[Region]:
    """Stretches in single marks (``‘...’``, ``'...'``), for a paragraph that has no others: an apostrophe is none."""
    found: list[Region] = []
    opened: int | None = None
    for match in _SINGLE.finditer(text, start, end):
        at = match.start()
        before, after = text[at - 1 : at] if at > start else " ", text[at + 1 : at + 2] if at + 1 < end else " "
        if opened is None and text[at] != "’" and (before.isspace() or before in "(—–") and not after.isspace():
            opened = at
        elif opened is not None and text[at] != "‘" and (before in ",.!?…" or after in ",.;:)") and not after.isalnum():
            if at - opened > 2:
                found.append(Region(opened, at + 1))
            opened = None
    return found


def _closes(text: str, mark: str, at: int, after: int, stack: list[tuple[str, int]], end: int) -> bool:
    if mark in ("»", "”"):
        return True
    if mark in ("«", "„", "``", "‟"):
        return False
    if mark == "“":
        return bool(stack) and (stack[-1][0] == "„" or stack[-1][0] == "“" and _ends_word(text, at, after, end))
    if mark == "''" and stack and stack[-1][0] == "``":
        return True
    return _straight_closes(text, mark, at, after, stack, end)


def _ends_word(text: str, at: int, after: int, end: int) -> bool:
    """Whether a mark made to open stands where one closes (``“a lie“ and``)."""
    return not text[at - 1].isspace() and (after >= end or not text[after].isalnum())


def _straight_closes(text: str, mark: str, at: int, after: int, stack: list[tuple[str, int]], end: int) -> bool:
    """Whether a straight mark closes, judged by its neighbours; a mark alone among spaces goes by the stack."""
    if not any(mark in _CLOSERS_OF[open_mark] for open_mark, _ in stack):
        return False
    before = text[at - 1] if at else " "
    following = text[after] if after < end else " "
    opens_here = (before.isspace() or before in "(«[—–-") and not following.isspace()
    if opens_here and following not in '.,;:!?)"':
        return bool(following == "-" or (before in "-—–" and text[at - 2 : at - 1].isalnum()))
    return True


def _close(
    text: str, stack: list[tuple[str, int]], mark: str, found: list[Region], at: int, after: int, start: int
) -> None:
    for depth in range(len(stack) - 1, -1, -1):
        if mark in _CLOSERS_OF[stack[depth][0]]:
            opener = stack[depth][1]
            del stack[depth:]
            if not stack:
                found.append(Region(opener, after))
            return
    if not stack and mark in "»”" and at > start:
        _close_unopened(text, found, after, start)


def _close_unopened(text: str, found: list[Region], after: int, start: int) -> None:
    """A closing mark that nothing opened: an inner mark ended the stretch too early, so it continues to here."""
    for i in range(len(found) - 1, max(-1, len(found) - 1 - _FARTHEST_BACK), -1):
        before = text[start : found[i].start].rstrip()[-1:]
        if before in ("", ".", "!", "?", "…", ":", "»", "”"):
            found[i:] = [Region(found[i].start, after)]
            return


def split_at(region: Region, holes: list[tuple[int, int]]) -> list[Region]:
    """The region in pieces, without the words of each ``(start, end)`` hole."""
    pieces = []
    start, opened = region.start, region.opened
    for hole_start, hole_end in holes:
        pieces.append(Region(start, hole_start, opened, closed=False))
        start, opened = hole_end, False
    if start < region.end:
        pieces.append(Region(start, region.end, opened, region.closed))
    return pieces


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end
