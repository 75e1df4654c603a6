"""From attributions to candidates: which words of a sentence each attribution reports.

``SENTENCE_RULES`` is the ordered list; a rule looks at one attribution and adds candidates. Words that an earlier
candidate took are not taken again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.language.every_language import EVERY_LANGUAGE
from pipeline.quote_rules import Placement, SpanOrigin, SpanRule
from pipeline.quotes.candidate import Candidate
from pipeline.quotes.language_pack import Attribution, Pack
from pipeline.quotes.spans.report_extent import JOINTS, report_limit, report_limit_after
from pipeline.quotes.spans.sentence_state import NEAREST, SentenceState
from pipeline.quotes.text.tokens import Token

_LONGEST_LABEL = 12
_NAME_COLON, _ANY_VERB_COLON = SpanOrigin(SpanRule.NAME_COLON), SpanOrigin(SpanRule.ANY_VERB_COLON)


def report_right(sentence_state: SentenceState, index: int) -> None:
    """``X said that ...``, ``X said: "..."``, ``adding that ...``."""
    attribution = sentence_state.attributions[index]
    if attribution.complement is None:
        return
    start, limit = attribution.complement, report_limit(sentence_state, index)
    end = sentence_state.pack.tail_start(sentence_state.tokens, start, limit) if start < limit else limit
    first = next((i for i in range(start, end) if sentence_state.tokens[i].kind != "p"), end)
    if (
        first < end
        and sentence_state.tokens[first].kind == "q"
        and _closed_report(sentence_state, attribution, first, end)
    ):
        sentence_state.add(attribution, first, first + 1, attribution.rule)
        tail = first + 1
        if (
            tail + 1 < end
            and sentence_state.tokens[tail].low in EVERY_LANGUAGE.joins
            and sentence_state.tokens[tail + 1].low in EVERY_LANGUAGE.that | {","}
        ):
            sentence_state.add(attribution, tail + 2, end, attribution.rule)
    elif attribution.how == "object" and not any(token.kind == "q" for token in sentence_state.tokens[start:end]):
        return
    else:
        colon = (
            _words_after_colon(sentence_state, start, end)
            if sentence_state.pack.parts_at_colon and attribution.how in ("that", "bare")
            else None
        )
        sentence_state.add(attribution, start, end if colon is None else colon, attribution.rule)
        if colon is not None:
            sentence_state.add(attribution, colon + 1, end, attribution.rule)
    sentence_state.covered = max(sentence_state.covered, limit)


def _words_after_colon(sentence_state: SentenceState, start: int, end: int) -> int | None:
    """``said that he would not allow it: "It is a threat"``: the colon, if words in marks end the report after it."""
    for i in range(start + 2, end - 1):
        if sentence_state.tokens[i].text == ":" and sentence_state.tokens[i + 1].kind == "q":
            return i if all(token.kind == "p" for token in sentence_state.tokens[i + 2 : end]) else None
    return None


def _closed_report(sentence_state: SentenceState, attribution: Attribution, first: int, end: int) -> bool:
    """Whether the words in marks are all that is reported, though the sentence may continue."""
    rest = [token for token in sentence_state.tokens[first + 1 : end] if token.kind != "p"]
    if not rest:
        return True
    if (
        rest[0].low in JOINTS
        and len(rest) > 1
        and (rest[1].low in EVERY_LANGUAGE.that or rest[1].low in sentence_state.pack.triggers)
    ):
        return True
    long_enough = len(sentence_state.tokens[first].text.split()) >= 4
    return attribution.how in ("colon", "quote") and long_enough


def report_left(sentence_state: SentenceState, index: int) -> None:
    """``"...," X said`` and ``..., X said``: what stands between the attribution before and this one."""
    tokens, attribution = sentence_state.tokens, sentence_state.attributions[index]
    if attribution.kind == "gerund" and attribution.complement is None:
        return
    end = attribution.start
    while end > sentence_state.covered and tokens[end - 1].text in ",—":
        end -= 1
    if end <= sentence_state.covered:
        return
    marked = tokens[end - 1].kind == "q" and not sentence_state.pack.is_work(tokens, end - 1)
    if attribution.complement is not None and not marked and not _sandwiched(sentence_state, attribution, end):
        return
    if not marked and (attribution.start == end or attribution.weak) and attribution.starts is None:
        return
    start = sentence_state.covered if attribution.starts is None else max(sentence_state.covered, attribution.starts)
    if marked and end - 1 > start and _own_sentence(tokens[end - 2], tokens[end - 1]):
        start = end - 1
    if not marked and attribution.complement is None and not sentence_state.pack.is_report(tokens, start, end):
        return
    if attribution.complement is not None and any(token.kind == "w" for token in tokens[start : end - 1]):
        start = end - 1
    sentence_state.add(
        _own(attribution),
        start,
        end,
        attribution.rule if attribution.complement is None else attribution.rule.placed(Placement.BEFORE),
    )


def _own(attribution: Attribution) -> Attribution:
    """``"Nonsense," he said of X's claim that ...``: words left of a denial or a comment are the speaker's own."""
    if attribution.starts is not None or not (attribution.stance == "denied" or attribution.claimed):
        return attribution
    return replace(attribution, stance="said", claimant=None)


def _own_sentence(before: Token, marked: Token) -> bool:
    """Words in marks that begin anew after a colon, a semicolon, or a comma and a capital."""
    if before.text in ":;":
        return True
    inner = marked.text.lstrip("\"«“„‘'")
    return before.text == "," and inner[:1].isupper() and len(inner.split()) >= 4


def _sandwiched(sentence_state: SentenceState, attribution: Attribution, end: int) -> bool:
    """``No change, he said, "hides it"``: the words left of the attribution belong to those right of it."""
    tokens = sentence_state.tokens
    if (
        attribution.kind == "gerund"
        or attribution.how != "quote"
        or attribution.complement is None
        or tokens[attribution.complement - 1].text != ","
    ):
        return False
    first = tokens[sentence_state.covered]
    plain = (
        first.kind == "w"
        and first.low not in sentence_state.pack.prepositions
        and first.low not in sentence_state.pack.subordinators
    )
    return (
        attribution.complement - 1 == max(attribution.cue[1], attribution.speaker[1] if attribution.speaker else 0)
        and plain
        and end < attribution.start
    )


def report_goes_on(sentence_state: SentenceState, index: int) -> None:
    """``..., he said, ...``: the report continues after an attribution in its middle."""
    tokens, attribution = sentence_state.tokens, sentence_state.attributions[index]
    if attribution.complement is not None or (sentence_state.taken and sentence_state.taken[-1][1] > attribution.start):
        return
    followed = bool(sentence_state.taken) and sentence_state.taken[-1][0] >= sentence_state.covered_before
    if not followed and not (
        attribution.start and tokens[attribution.start - 1].text == "," and attribution.kind != "gerund"
    ):
        return
    end = report_limit_after(sentence_state, index)
    at = attribution.end
    if at >= end or not _continues(tokens, at):
        return
    first = next((i for i in range(at, end) if tokens[i].kind != "p"), end)
    if first >= end:
        return
    first = _marks_after_dash(tokens, first, end)
    if not (tokens[first].kind == "q" or sentence_state.pack.goes_on(tokens, first, end, attribution)):
        return
    piece = not (
        followed
        or attribution.weak
        or sentence_state.pack.is_circumstance(tokens, sentence_state.covered, attribution.start)
    )
    if piece and (
        sentence_state.pack.keeps_pieces
        or sentence_state.pack.is_report(tokens, sentence_state.covered, attribution.start)
    ):
        sentence_state.add(attribution, sentence_state.covered, attribution.start, attribution.rule)
    if not attribution.weak or (followed and tokens[first].kind == "q"):
        end = sentence_state.pack.tail_start(tokens, first, end)
        sentence_state.add(attribution, first, end, attribution.rule.placed(Placement.ON))


def _marks_after_dash(tokens: list[Token], first: int, end: int) -> int:
    """``«...», — said X, smiling. — «...»``: the words in marks behind what X did while speaking, else ``first``."""
    if tokens[first].kind == "q":
        return first
    marked = (j for j in range(first + 1, end) if tokens[j].kind == "q" and tokens[j - 1].text == "—")
    return next(marked, first)


def _continues(tokens: list[Token], at: int) -> bool:
    """A comma or dash; also a full stop and a dash, as Russian sets them inside marks."""
    if tokens[at].text == ".":
        return at + 2 < len(tokens) and tokens[at + 1].text == "—" and tokens[at + 2].kind == "q"
    if tokens[at].text == ";":
        return at + 1 < len(tokens) and tokens[at + 1].kind == "q"
    return tokens[at].text in ",—"


def report_after_name(sentence_state: SentenceState) -> None:
    """``Speaker of the Duma X: "..."``, ``Chizhov laughed: "..."``: a name and a colon, without a verb of saying."""
    tokens = sentence_state.tokens
    if _after_any_verb(sentence_state) or tokens[0].low in sentence_state.pack.prepositions:
        return
    for i in range(1, min(len(tokens) - 1, _LONGEST_LABEL)):
        if sentence_state.pack.is_finite(tokens[i]):
            return
        if tokens[i].kind not in "w" and tokens[i].text != ",":
            named = tokens[i].text == ":" and tokens[i + 1].kind == "q" and len(tokens[i + 1].text.split()) >= 3
            if named and sentence_state.pack.name_in(tokens[:i]) is not None:
                sentence_state.add(
                    Attribution(0, i, (i, i + 1), (0, i), i + 1, "colon", "verb", _NAME_COLON),
                    i + 1,
                    i + 2,
                    _NAME_COLON,
                )
            return


def _after_any_verb(sentence_state: SentenceState) -> bool:
    """Whether a sentence says what somebody did and ends with a colon and words in marks, which are then theirs."""
    tokens = sentence_state.tokens
    colon = next((i for i, token in enumerate(tokens[:-1]) if token.text == ":" and tokens[i + 1].kind == "q"), 0)
    if colon < 2 or any(token.kind == "w" for token in tokens[colon + 2 :]):
        return False
    named = sentence_state.pack.subject_of(tokens[:colon])
    if named is None or named[1] >= colon:
        return False
    words = [token for token in tokens[named[0] : named[1]] if token.kind == "w"]
    person = words and (words[0].low in sentence_state.pack.pronouns or sentence_state.pack.name_in(words) is not None)
    if not person and (not words or sentence_state.pack.head_class(words) in (None, "body", "source")):
        return False
    if not any(sentence_state.pack.is_finite(token) for token in tokens[named[1] : colon]):
        return False
    attribution = Attribution(
        named[0], colon + 1, (colon - 1, colon), named, colon + 1, "colon", "verb", _ANY_VERB_COLON
    )
    sentence_state.add(attribution, colon + 1, colon + 2, _ANY_VERB_COLON)
    return True


SENTENCE_RULES: tuple[Callable[[SentenceState, int], None], ...] = (report_left, report_right, report_goes_on)


def _belongs_to_next_speaker(sentence_state: SentenceState, index: int) -> bool:
    """``Putin stressed that ..., Ushakov said``: whether the whole is what the second one said."""
    attribution = sentence_state.attributions[index]
    if (
        attribution.kind != "verb"
        or attribution.complement is None
        or attribution.how not in ("that", "bare")
        or attribution.shared
    ):
        return False
    following = sentence_state.attributions[index + 1] if index + 1 < len(sentence_state.attributions) else None
    if following is None or following.kind != "verb" or following.complement is not None or following.weak:
        return False
    if following.silent or following.shared or following.speaker is None or following.speaker == attribution.speaker:
        return False
    words = [token.low.strip('"«»“”„').removesuffix("'s") for token in sentence_state.tokens[slice(*following.speaker)]]
    own = len(words) == 1 and words[0] in sentence_state.pack.pronouns
    ends = all(
        token.kind != "w" or token.low in sentence_state.pack.prepositions
        for token in sentence_state.tokens[following.end : following.end + 1]
    )
    printed = any(word in sentence_state.pack.bylines for word in words)
    return sentence_state.tokens[following.start - 1].text == "," and ends and not own and not printed


def _reported(sentence_state: SentenceState, index: int) -> bool:
    """Whether what was not said is itself a report: ``"He never said it," she added``."""
    for later in sentence_state.attributions[index + 1 : index + 1 + NEAREST]:
        before = sentence_state.tokens[later.start - 1] if later.start else None
        if later.kind == "verb" and later.complement is None and before is not None and not later.silent:
            return before.text == "," or before.kind == "q"
    return False


def _lend_subject(tokens: list[Token], attributions: list[Attribution], pack: Pack) -> None:
    """``Denying reports that ..., X said that``: a participle that opens a sentence shares the subject that follows."""
    opening = attributions[0] if attributions else None
    if opening is None or opening.kind != "gerund" or opening.complement is None:
        return
    if opening.speaker is not None and opening.speaker[0] < opening.cue[0]:
        return
    following = attributions[1] if len(attributions) > 1 else None
    if following is not None and following.kind == "verb" and following.speaker is not None:
        opening.speaker, opening.shared, opening.gender = following.speaker, False, following.gender
        return
    at = pack.report_end(tokens, opening, "opening") + 1
    named = pack.subject_of(tokens[at:]) if opening.cue[0] < 2 else None
    if named is not None:
        opening.speaker, opening.shared = (named[0] + at, named[1] + at), False


def apply_rules(tokens: list[Token], attributions: list[Attribution], pack: Pack) -> SentenceState:
    """All candidates of one sentence, in text order."""
    _lend_subject(tokens, attributions, pack)
    sentence_state = SentenceState(tokens, attributions, pack)
    for index, attribution in enumerate(attributions):
        if (attribution.silent and _reported(sentence_state, index)) or _belongs_to_next_speaker(sentence_state, index):
            continue
        if attribution.start < sentence_state.covered <= attribution.cue[0] and attribution.complement is not None:
            attribution.start = attribution.cue[0]
        if attribution.start < sentence_state.covered:
            continue
        before = len(sentence_state.taken)
        sentence_state.covered_before = sentence_state.covered
        for rule in SENTENCE_RULES:
            rule(sentence_state, index)
        if len(sentence_state.taken) > before:
            sentence_state.covered = max(sentence_state.covered, attribution.end)
        if len(sentence_state.taken) > before and not (attribution.silent or attribution.claimed):
            continue
        if (mention := sentence_state.mention(attribution)) is not None:
            sentence_state.candidates.append(
                Candidate(*mention, "indirect", attribution.rule, mention, speaker_only=True, gender=attribution.gender)
            )
            if not (attribution.silent or attribution.weak or attribution.claimed):
                sentence_state.covered = max(sentence_state.covered, attribution.end)
    if not attributions and any(token.text == ":" for token in tokens):
        report_after_name(sentence_state)
    sentence_state.candidates.sort(key=lambda candidate: candidate.start)
    return sentence_state
