"""From attributions to candidates: which words of a sentence each attribution reports.

``SENTENCE_RULES`` is the ordered list; a rule looks at one attribution and adds candidates. Words that an earlier
candidate took are not taken again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Frame, Pack
from pipeline.quotes.spans.report_extent import JOINTS, limit, limit_after
from pipeline.quotes.spans.sentence_state import NEAREST, Work
from pipeline.quotes.text.tokens import Token

_LONGEST_LABEL = 12


def report_right(work: Work, index: int) -> None:
    """``X said that ...``, ``X said: "..."``, ``adding that ...``."""
    frame = work.frames[index]
    if frame.complement is None:
        return
    start, end = frame.complement, limit(work, index)
    first = next((i for i in range(start, end) if work.tokens[i].kind != "p"), end)
    if first < end and work.tokens[first].kind == "q" and _closed_report(work, frame, first, end):
        work.add(frame, first, first + 1, frame.rule)
        tail = first + 1
        if (
            tail + 1 < end
            and work.tokens[tail].low in ("and", "и")
            and work.tokens[tail + 1].low in ("that", ",", "что")
        ):
            work.add(frame, tail + 2, end, frame.rule)
    elif frame.how == "object" and not any(token.kind == "q" for token in work.tokens[start:end]):
        return
    else:
        colon = (
            _words_after_colon(work, start, end) if work.pack.parts_at_colon and frame.how in ("that", "bare") else None
        )
        work.add(frame, start, end if colon is None else colon, frame.rule)
        if colon is not None:
            work.add(frame, colon + 1, end, frame.rule)
    work.covered = max(work.covered, end)


def _words_after_colon(work: Work, start: int, end: int) -> int | None:
    """``said that he would not allow it: "It is a threat"``: the colon, if words in marks end the report after it."""
    for i in range(start + 2, end - 1):
        if work.tokens[i].text == ":" and work.tokens[i + 1].kind == "q":
            return i if all(token.kind == "p" for token in work.tokens[i + 2 : end]) else None
    return None


def _closed_report(work: Work, frame: Frame, first: int, end: int) -> bool:
    """Whether the words in marks are all that is reported, though the sentence may go on."""
    rest = [token for token in work.tokens[first + 1 : end] if token.kind != "p"]
    if not rest:
        return True
    if (
        rest[0].low in JOINTS
        and len(rest) > 1
        and (rest[1].low in ("that", "что") or rest[1].low in work.pack.triggers)
    ):
        return True
    long_enough = len(work.tokens[first].text.split()) >= 4
    return frame.how in ("colon", "quote") and long_enough


def report_left(work: Work, index: int) -> None:
    """``"...," X said`` and ``..., X said``: what stands between the attribution before and this one."""
    tokens, frame = work.tokens, work.frames[index]
    if frame.kind == "gerund" and frame.complement is None:
        return
    end = frame.start
    while end > work.covered and tokens[end - 1].text in ",—":
        end -= 1
    if end <= work.covered:
        return
    marked = tokens[end - 1].kind == "q" and not work.pack.is_work(tokens, end - 1)
    if frame.complement is not None and not marked and not _sandwiched(work, frame, end):
        return
    if not marked and (frame.start == end or frame.weak) and frame.starts is None:
        return
    start = work.covered if frame.starts is None else max(work.covered, frame.starts)
    if marked and end - 1 > start and _own_sentence(tokens[end - 2], tokens[end - 1]):
        start = end - 1
    if not marked and frame.complement is None and not work.pack.is_report(tokens, start, end):
        return
    if frame.complement is not None and any(token.kind == "w" for token in tokens[start : end - 1]):
        start = end - 1
    work.add(_own(frame), start, end, frame.rule if frame.complement is None else "before-" + frame.rule)


def _own(frame: Frame) -> Frame:
    """``"Nonsense," he said of X's claim that ...``: words left of a denial or a comment are the speaker's own."""
    if frame.starts is not None or not (frame.stance == "denied" or frame.claimed):
        return frame
    return replace(frame, stance="said", claimant=None)


def _own_sentence(before: Token, marked: Token) -> bool:
    """Words in marks that begin anew after a colon, a semicolon, or a comma and a capital."""
    if before.text in ":;":
        return True
    inner = marked.text.lstrip("\"«“„‘'")
    return before.text == "," and inner[:1].isupper() and len(inner.split()) >= 4


def _sandwiched(work: Work, frame: Frame, end: int) -> bool:
    """``No change, he said, "hides it"``: the words left of the attribution belong to those right of it."""
    tokens = work.tokens
    if (
        frame.kind == "gerund"
        or frame.how != "quote"
        or frame.complement is None
        or tokens[frame.complement - 1].text != ","
    ):
        return False
    first = tokens[work.covered]
    plain = first.kind == "w" and first.low not in work.pack.prepositions and first.low not in work.pack.subordinators
    return (
        frame.complement - 1 == max(frame.cue[1], frame.speaker[1] if frame.speaker else 0)
        and plain
        and end < frame.start
    )


def report_goes_on(work: Work, index: int) -> None:
    """``..., he said, ...``: the report goes on after an attribution in its middle."""
    tokens, frame = work.tokens, work.frames[index]
    if frame.complement is not None or (work.taken and work.taken[-1][1] > frame.start):
        return
    followed = bool(work.taken) and work.taken[-1][0] >= work.covered_before
    if not followed and not (frame.start and tokens[frame.start - 1].text == "," and frame.kind != "gerund"):
        return
    end = limit_after(work, index)
    at = frame.end
    if at >= end or not _continues(tokens, at):
        return
    first = next((i for i in range(at, end) if tokens[i].kind != "p"), end)
    if first >= end:
        return
    if not (tokens[first].kind == "q" or work.pack.goes_on(tokens, first, end)):
        return
    piece = not (followed or frame.weak or work.pack.is_circumstance(tokens, work.covered, frame.start))
    if piece and (work.pack.keeps_pieces or work.pack.is_report(tokens, work.covered, frame.start)):
        work.add(frame, work.covered, frame.start, frame.rule)
    if not frame.weak:
        work.add(frame, first, end, frame.rule + "-on")


def _continues(tokens: list[Token], at: int) -> bool:
    """A comma or dash; also a full stop and a dash, as Russian sets them inside marks."""
    if tokens[at].text == ".":
        return at + 2 < len(tokens) and tokens[at + 1].text == "—" and tokens[at + 2].kind == "q"
    if tokens[at].text == ";":
        return at + 1 < len(tokens) and tokens[at + 1].kind == "q"
    return tokens[at].text in ",—"


def report_after_name(work: Work) -> None:
    """``Speaker of the Duma X: "..."``, ``Chizhov laughed: "..."``: a name and a colon, without a verb of saying."""
    tokens = work.tokens
    if _after_any_verb(work):
        return
    for i in range(1, min(len(tokens) - 1, _LONGEST_LABEL)):
        if work.pack.is_finite(tokens[i]):
            return
        if tokens[i].kind not in "w" and tokens[i].text != ",":
            named = tokens[i].text == ":" and tokens[i + 1].kind == "q" and len(tokens[i + 1].text.split()) >= 3
            if named and work.pack.name_in(tokens[:i]) is not None:
                work.add(
                    Frame(0, i, (i, i + 1), (0, i), i + 1, "colon", "verb", "name-colon"), i + 1, i + 2, "name-colon"
                )
            return


def _after_any_verb(work: Work) -> bool:
    """Whether a sentence tells what somebody did and ends with a colon and words in marks, which are then theirs."""
    tokens = work.tokens
    colon = next((i for i, token in enumerate(tokens[:-1]) if token.text == ":" and tokens[i + 1].kind == "q"), 0)
    if colon < 2 or any(token.kind == "w" for token in tokens[colon + 2 :]):
        return False
    named = work.pack.subject_of(tokens[:colon])
    if named is None or named[1] >= colon:
        return False
    words = [token for token in tokens[named[0] : named[1]] if token.kind == "w"]
    person = words and (words[0].low in work.pack.pronouns or work.pack.name_in(words) is not None)
    if not person and (not words or work.pack.head_class(words) in (None, "body", "source")):
        return False
    if not any(work.pack.is_finite(token) for token in tokens[named[1] : colon]):
        return False
    frame = Frame(named[0], colon + 1, (colon - 1, colon), named, colon + 1, "colon", "verb", "any-verb-colon")
    work.add(frame, colon + 1, colon + 2, "any-verb-colon")
    return True


SENTENCE_RULES: tuple[Callable[[Work, int], None], ...] = (report_left, report_right, report_goes_on)


def _retold(work: Work, index: int) -> bool:
    """``Putin stressed that ..., Ushakov said``: all of it is what the second one said."""
    frame = work.frames[index]
    if frame.kind != "verb" or frame.complement is None or frame.how not in ("that", "bare") or frame.shared:
        return False
    following = work.frames[index + 1] if index + 1 < len(work.frames) else None
    if following is None or following.kind != "verb" or following.complement is not None or following.weak:
        return False
    if following.silent or following.shared or following.speaker is None or following.speaker == frame.speaker:
        return False
    words = [token.low.strip('"«»“”„').removesuffix("'s") for token in work.tokens[slice(*following.speaker)]]
    own = len(words) == 1 and words[0] in work.pack.pronouns
    ends = all(
        token.kind != "w" or token.low in work.pack.prepositions
        for token in work.tokens[following.end : following.end + 1]
    )
    printed = any(word in work.pack.bylines for word in words)
    return work.tokens[following.start - 1].text == "," and ends and not own and not printed


def _reported(work: Work, index: int) -> bool:
    """Whether what was not said is itself a report: ``"He never said it," she added``."""
    for later in work.frames[index + 1 : index + 1 + NEAREST]:
        before = work.tokens[later.start - 1] if later.start else None
        if later.kind == "verb" and later.complement is None and before is not None and not later.silent:
            return before.text == "," or before.kind == "q"
    return False


def _lend_subject(tokens: list[Token], frames: list[Frame], pack: Pack) -> None:
    """``Denying reports that ..., X said that``: a participle that opens a sentence shares the subject that follows."""
    opening = frames[0] if frames else None
    if opening is None or opening.kind != "gerund" or opening.complement is None:
        return
    if opening.speaker is not None and opening.speaker[0] < opening.cue[0]:
        return
    following = frames[1] if len(frames) > 1 else None
    if following is not None and following.kind == "verb" and following.speaker is not None:
        opening.speaker, opening.shared, opening.gender = following.speaker, False, following.gender
        return
    at = pack.report_end(tokens, opening.complement, "opening") + 1
    named = pack.subject_of(tokens[at:]) if opening.cue[0] < 2 else None
    if named is not None:
        opening.speaker, opening.shared = (named[0] + at, named[1] + at), False


def apply(tokens: list[Token], frames: list[Frame], pack: Pack) -> Work:
    """All candidates of one sentence, in text order."""
    _lend_subject(tokens, frames, pack)
    work = Work(tokens, frames, pack)
    for index, frame in enumerate(frames):
        if (frame.silent and _reported(work, index)) or _retold(work, index):
            continue
        if frame.start < work.covered <= frame.cue[0] and frame.complement is not None:
            frame.start = frame.cue[0]
        if frame.start < work.covered:
            continue
        before = len(work.taken)
        work.covered_before = work.covered
        for rule in SENTENCE_RULES:
            rule(work, index)
        if len(work.taken) > before:
            work.covered = max(work.covered, frame.end)
        if len(work.taken) > before and not (frame.silent or frame.claimed):
            continue
        if (mention := work.mention(frame)) is not None:
            work.found.append(Candidate(*mention, "indirect", frame.rule, mention, mute=True, gender=frame.gender))
            if not (frame.silent or frame.weak or frame.claimed):
                work.covered = max(work.covered, frame.end)
    if not frames and any(token.text == ":" for token in tokens):
        report_after_name(work)
    work.found.sort(key=lambda candidate: candidate.start)
    return work
