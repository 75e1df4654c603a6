"""Russian attributions: which words of a sentence say that somebody said something."""

from __future__ import annotations

from itertools import pairwise

from pipeline.quotes.pack import Frame, How, Indices
from pipeline.quotes.ru import phrases
from pipeline.quotes.ru import words as w
from pipeline.quotes.text import Token
from pipeline.spelling import stem

_FARTHEST = 30
_ABOUT = frozenset(("о", "об", "обо", "про"))


def frames(tokens: list[Token]) -> list[Frame]:
    """All attributions of the sentence, in order."""
    found: list[Frame] = []
    for i, token in enumerate(tokens):
        if token.kind != "w" or (found and i < found[-1].end):
            continue
        low = token.low.replace("ё", "е")
        frame = None
        if low in w.CUES:
            frame = _verb(tokens, i, low, found)
        elif low in ("по", "согласно", "со"):
            frame = _source(tokens, i, low)
        elif low.endswith(w.PARTICIPLE_ENDINGS):
            frame = _participle(tokens, i, low)
        elif i > 1 and tokens[i - 1].text == "—" and phrases.reading(token).verb and _after_marks(tokens, i):
            frame = _other_verb(tokens, i)
        if frame:
            found.append(frame)
    return [frame for frame in found if not _only_printed(tokens, frame, found)]


def _only_printed(tokens: list[Token], frame: Frame, found: list[Frame]) -> bool:
    """``Как сообщает «Интерфакс», он уточнил``, ``Как сообщалось ранее, он заявил``: another attribution follows."""
    if frame.kind != "verb" or tokens[frame.start].low != "как" or frame is found[-1] or frame.complement is None:
        return False
    if tokens[frame.cue[0]].low in w.IMPERSONAL:
        return True
    return frame.speaker is not None and _is_media(tokens, frame.speaker)


def _other_verb(tokens: list[Token], i: int) -> Frame | None:
    """``«...», — обратился Наливайченко``: any verb tells of saying right after marks and a dash."""
    speaker = phrases.right(tokens, i + 1)
    marked = next((token for token in reversed(tokens[:i]) if token.kind == "q"), None)
    worded = marked is not None and (len(marked.text.split()) > 3 or marked.text.rstrip('"»”“ ')[-1:] in ",.!?…")
    if speaker is None or not phrases.reading(tokens[i]).finite or not worded:
        return None
    end = speaker[1] if speaker else i + 1
    gender = _gender(tokens[i].low, "")
    return Frame(i, end, (i, i + 1), speaker, None, "none", "verb", "other-verb", gender=gender)


def _low(tokens: list[Token], i: int) -> str:
    return tokens[i].low.replace("ё", "е") if 0 <= i < len(tokens) else ""


def _source(tokens: list[Token], i: int, low: str) -> Frame | None:
    """``по словам X``, ``по его мнению``, ``согласно X``, ``со слов X``."""
    if low == "согласно":
        at, speaker = i + 1, phrases.genitive(tokens, i + 1)
    elif low == "со":
        at = i + 2
        speaker = phrases.genitive(tokens, at) if _low(tokens, i + 1) == "слов" else None
    elif _low(tokens, i + 1) in w.SOURCES:
        at, speaker = i + 2, phrases.genitive(tokens, i + 2)
    elif _low(tokens, i + 1) in w.PRONOUNS and _low(tokens, i + 2) in w.SOURCES:
        at, speaker = i + 3, (i + 1, i + 2)
    else:
        return None
    if speaker is None:
        return None
    end = max(at, speaker[1])
    if tokens[speaker[0]].low.startswith("котор") or (
        low == "согласно" and any(stem(token.low) in w.PAPERS for token in tokens[at : at + 2])
    ):
        return None
    if not _opens(tokens, i):
        return Frame(i, end, (i, at), speaker, None, "none", "source", "source")
    while (
        end < len(tokens) and tokens[end].text != "," and tokens[end].kind == "w" and tokens[end].low in w.PREPOSITIONS
    ):
        end += 1
        while end < len(tokens) and tokens[end].kind == "w" and tokens[end].low not in w.PREPOSITIONS:
            end += 1
    end = _past_relative(tokens, end)
    complement = end + 1 if _low(tokens, end) == "," else end
    if complement >= len(tokens):
        return None
    return Frame(i, complement, (i, at), speaker, complement, "that", "source", "source")


def _past_relative(tokens: list[Token], comma: int) -> int:
    """``по словам X, слова которого приводит Y,``: the comma that ends the relative clause or participle."""
    if _low(tokens, comma) != ",":
        return comma
    opener = tokens[comma + 1 : comma + 4]
    relative = any(token.low.startswith("котор") for token in opener)
    participle = bool(opener) and opener[0].low.endswith(
        (*w.PARTICIPLE_ENDINGS, "нным", "нному", "нной", "нными", "ющего", "ющей", "ящего", "ящей", "ущего", "ущей")
    )
    if not (relative or participle):
        return comma
    return next((j for j in range(comma + 2, min(len(tokens), comma + 22)) if tokens[j].text == ","), comma)


def _opens(tokens: list[Token], i: int) -> bool:
    """Whether nothing but words such as ``в то же время`` stands before token ``i``."""
    return i <= 6 and all(token.low in w.OPENERS or token.text == "," for token in tokens[:i])


def _participle(tokens: list[Token], i: int, low: str) -> Frame | None:
    """``..., говорившего: «...»``: the speaker stands before the comma."""
    ending = next(end for end in w.PARTICIPLE_ENDINGS if low.endswith(end))
    if low[: -len(ending)] + "л" not in w.CUES or _low(tokens, i - 1) != ",":
        return None
    complement, how, end = _complement(tokens, i + 1)
    start = i - 2
    while start > 0 and tokens[start - 1].kind == "w" and tokens[start - 1].capital and tokens[start].capital:
        start -= 1
    if complement is None or start < 0 or tokens[start].kind != "w":
        return None
    return Frame(i, end, (i, i + 1), (start, i - 1), complement, how, "verb", "participle")


def _verb(tokens: list[Token], i: int, low: str, found: list[Frame]) -> Frame | None:
    verb = w.CUES[low]
    if low in w.GERUNDS:
        return _gerund(tokens, i, found)
    negated = _low(tokens, i - 1) in w.NEGATIONS and not low.startswith(("исключ", "скрыва", "скрыл", "отрица"))
    speaker, after = _speaker(tokens, i, low, verb)
    shared = speaker is None and bool(found) and _low(tokens, i - 1) in ("и", "а", "но", ",")
    start = min(i, speaker[0]) if speaker else i
    complement, how, end = _complement(tokens, after)
    if how == "none" and (bare := _bare(tokens, i, after, verb, speaker)) is not None:
        complement, how, end = bare, "bare", bare
    if how == "none" and (_about(tokens, after) or _about(tokens, i + 1) or _of_this(tokens, i)):
        return Frame(start, after, (i, i + 1), speaker, None, "none", "verb", verb, silent=True, weak=True)
    while start > 1 and _low(tokens, start - 1) in ("ранее", "раньше", "уже", "позже", "позднее", "также"):
        start -= 1
    if start > 2 and _low(tokens, start - 1) == "частности" and _low(tokens, start - 3) == ",":
        start -= 2
    if start and _low(tokens, start - 1) == "как":
        start -= 1
        if _opens(tokens, start) and how == "none" and _low(tokens, end) == ",":
            complement, how, end = end + 1, "that", end + 1
    if (
        speaker is None
        and not shared
        and low not in w.IMPERSONAL
        and how not in ("colon", "that", "quote")
        and not _after_marks(tokens, i)
    ):
        return None
    if speaker is None and not shared and how == "that" and _plural(low) and verb in w.THOUGHTS:
        return None
    if low in w.IMPERSONAL and start < i and start > 0 and _low(tokens, start) == "как":
        return None
    weak = (
        verb in w.NEEDS_MARKS_OR_THAT
        and _low(tokens, i + 1) != "слова"
        or (speaker is None and low not in w.IMPERSONAL)
    )
    if how == "none" and (shared or negated):
        return None
    if how == "that" and complement is not None and _low(tokens, complement - 3) in ("тому", "того"):
        return None
    if low.startswith("произнес") and _low(tokens, i + 1) in ("речь", "тост", "слово", "клятву", "присягу"):
        return None
    if speaker is not None and _low(tokens, speaker[0]) == "там" and not _plural(low):
        return None
    if _is_asked(tokens, i, low, verb, speaker):
        return None
    silent = negated or _byline(tokens, speaker, verb, how)
    rule = f"{low}-{how}" if how != "none" else f"{low}-after"
    return Frame(
        start, end, (i, i + 1), speaker, complement, how, "verb", rule,
        gender=_gender(low, verb), impersonal=low in w.IMPERSONAL and speaker is None,
        shared=shared, silent=silent, weak=weak,
    )  # fmt: skip


def _gender(low: str, verb: str) -> str | None:
    """What a verb in the past tells of its subject."""
    if verb in w.QUOTING or verb in w.BYLINE_CUES or low in w.IMPERSONAL:
        return None
    for gender, endings in (("f", ("ла", "лась")), ("n", ("ло", "лось")), ("p", ("ли", "лись")), ("m", ("л", "лся"))):
        if low.endswith(endings):
            return gender
    return None


def _bare(tokens: list[Token], i: int, after: int, verb: str, speaker: Indices | None) -> int | None:
    """``отметил, Китай выступает``, ``сообщили что``, ``спросила, почему``: where a report without ``, что`` begins."""
    if _low(tokens, after) == "что":
        return after + 1 if after + 2 < len(tokens) else None
    if _low(tokens, after) != "," or after + 3 >= len(tokens):
        return None
    if verb in w.ASKING:
        ask = any(token.low in w.QUESTIONS for token in tokens[after + 1 : after + 4])
        return after + 1 if ask else None
    subject = speaker is not None and speaker[1] <= i and _low(tokens, speaker[0] - 1) != "как"
    if verb not in w.BARE or not subject or _opens(tokens, 0) and _low(tokens, 0) == "как":
        return None
    first = tokens[after + 1]
    free = w.CONJUNCTIONS | w.GERUNDS | {"однако", "впрочем"}
    if first.kind != "w" or first.low in free or first.low.startswith("котор") or phrases.reading(first).verb:
        return None
    clause = tokens[after + 1 : after + 14]
    stop = next((k for k, token in enumerate(clause) if token.text in ",;:—"), len(clause))
    return after + 1 if any(phrases.reading(token).finite for token in clause[1:stop] if token.kind == "w") else None


def _after_marks(tokens: list[Token], i: int) -> bool:
    j = i - 1
    while j >= 0 and tokens[j].text in ",—":
        j -= 1
    return j >= 0 and j < i - 1 and tokens[j].kind == "q"


def _of_this(tokens: list[Token], i: int) -> bool:
    """``Об этом сообщил X``: the words stand in the sentence before."""
    low = [token.low for token in tokens[max(0, i - 8) : i]]
    return any(one in _ABOUT and other in ("этом", "этому", "чем") for one, other in pairwise(low))


def _about(tokens: list[Token], after: int) -> bool:
    """``заявил о готовности``: a subject, not the words."""
    for token in tokens[after : after + 3]:
        if token.kind == "p":
            return False
        if token.low in _ABOUT:
            return True
    return False


def _byline(tokens: list[Token], speaker: Indices | None, verb: str, how: How) -> bool:
    """``передает ТАСС``: who printed it, not who said it."""
    if verb in w.BYLINE_CUES and not (speaker and tokens[speaker[0] - 1].low == "слова"):
        return True
    if speaker is None or how != "none" or speaker[1] - speaker[0] > 3:
        return False
    return _is_media(tokens, speaker)


def _is_media(tokens: list[Token], speaker: Indices) -> bool:
    words = {token.low.strip('"«»“”„') for token in tokens[speaker[0] : speaker[1]] if token.kind in "wq"}
    return bool(words) and words <= w.MEDIA


def _speaker(tokens: list[Token], i: int, low: str, verb: str) -> tuple[Indices | None, int]:
    """The words for who speaks, and the token after the attribution so far."""
    if verb in w.QUOTING:
        named = phrases.quoted_person(tokens, i + 1)
        return named, named[1] if named else i + 1
    if low in w.IMPERSONAL:
        return _in_document(tokens, i)
    if _plural(low) and _low(tokens, i + 1) in ("в", "во"):
        within = _from_within(tokens, i)
        if within[0] is not None:
            return within
    inverted = (
        i == 0
        or tokens[i - 1].kind == "b"
        or _long_marks(tokens[i - 1])
        or tokens[i - 1].text in ",—"
        or tokens[i - 1].low == "как"
    )
    if (cited := _referred(tokens, i)) is not None:
        return cited, i + 1
    if not inverted or (
        tokens[i - 1].text == "," and phrases.left(tokens, i) is not None and phrases.right(tokens, i + 1) is None
    ):
        speaker = phrases.left(tokens, i)
        if speaker is not None:
            return speaker, i + 1
    words_of = _words_of(tokens, i)
    if words_of is not None:
        return words_of, words_of[1]
    joined = _low(tokens, i - 1) in ("и", "но", "а", "также")
    speaker = None if joined else phrases.right(tokens, i + 1, _gender(low, verb))
    if speaker is not None and _is_media(tokens, speaker):
        told = _from_within(tokens, i)[0] if _plural(low) else phrases.left(tokens, i)
        if told is not None:
            return told, max(i + 1, told[1])
    if speaker is not None:
        return _cited(tokens, speaker)
    if inverted and not joined and (before := phrases.left(tokens, i)) is not None:
        return before, i + 1
    if joined and (first := _clause_subject(tokens, i)) is not None:
        return first, i + 1
    return _from_within(tokens, i) if _plural(low) else (None, i + 1)


def _referred(tokens: list[Token], i: int) -> Indices | None:
    """``«Интерфакс» со ссылкой на штаб сообщает``: who is referred to speaks, but for nameless sources."""
    for j in range(max(0, i - 14), i - 2):
        if _low(tokens, j) == "ссылкой" and _low(tokens, j + 1) == "на":
            named = phrases.genitive(tokens, j + 2)
            nameless = named and any(token.low.startswith("источник") for token in tokens[named[0] : named[1]])
            return (named[0], min(named[1], i)) if named and not nameless else None
    return None


def _clause_subject(tokens: list[Token], i: int) -> Indices | None:
    """``X назвала решение странным и заявила``: who did both, if the sentence begins with a subject and its verb."""
    named = phrases.right(tokens, 0)
    if named is None or named[0] > 4 or named[1] >= i - 1:
        return None
    between = tokens[named[1] : i - 1]
    done = any(token.kind == "w" and phrases.reading(token).finite for token in between)
    return (
        named if done and not any(token.text in ".;:" or token.low in ("что", "который") for token in between) else None
    )


def _is_asked(tokens: list[Token], i: int, low: str, verb: str, speaker: Indices | None) -> bool:
    """``Пескова спросили, не жалеет ли он``: a plural without a subject asks somebody, nobody answers."""
    if verb not in w.ASKING or not _plural(low):
        return False
    return speaker is None or not phrases.reading(tokens[speaker[0]]).nominative or speaker[1] <= i and i == 1


def _words_of(tokens: list[Token], i: int) -> Indices | None:
    """``передает слова Пескова «Интерфакс»``: whose words they are stands in the genitive."""
    if _low(tokens, i + 1) != "слова":
        return None
    named = phrases.genitive(tokens, i + 2)
    return named if named and tokens[named[0]].low not in w.MEDIA else None


def _plural(low: str) -> bool:
    return low.endswith(("ли", "лись", "ют", "ят", "ут", "ат"))


def _long_marks(token: Token) -> bool:
    """Words said, and not the name of a firm."""
    return token.kind == "q" and len(token.text.split()) > 3


def _cited(tokens: list[Token], speaker: Indices) -> tuple[Indices, int]:
    """``сообщает агентство со ссылкой на X``: X speaks."""
    for j in range(speaker[1], min(len(tokens) - 2, speaker[1] + 3)):
        if tokens[j].low == "со" and tokens[j + 1].low in ("ссылкой", "слов"):
            at = j + 3 if tokens[j + 1].low == "ссылкой" else j + 2
            cited = phrases.genitive(tokens, at)
            if cited and not any(token.low.startswith("источник") for token in tokens[cited[0] : cited[1]]):
                return cited, cited[1]
    return speaker, speaker[1]


def _in_document(tokens: list[Token], i: int) -> tuple[Indices | None, int]:
    """``в заявлении МИД говорится``, ``говорится в заявлении МИД``."""
    if _low(tokens, i + 1) in ("в", "во", "из"):
        named = phrases.genitive(tokens, i + 2)
        return named, named[1] if named else i + 2
    for j in range(i - 1, max(-1, i - 20), -1):
        if _low(tokens, j + 1) == "частности":
            continue
        if _low(tokens, j) in ("в", "во", "из") and (j == 0 or tokens[j - 1].kind == "p" or j <= 3):
            named = phrases.genitive(tokens, j + 1)
            return (named if named and named[1] <= i else (j + 1, i) if j + 1 < i else None), i + 1
    return None, i + 1


def _from_within(tokens: list[Token], i: int) -> tuple[Indices | None, int]:
    """``В МИД заявили``, ``сообщили в пресс-службе``: a plural without a subject speaks for the place."""
    for j in range(i + 1, min(len(tokens), i + 6)):
        if tokens[j].kind == "p":
            break
        if tokens[j].low in ("в", "во"):
            named = phrases.genitive(tokens, j + 1)
            if named:
                return named, named[1]
    for j in range(i - 1, max(-1, i - 14), -1):
        if tokens[j].kind == "p":
            break
        if tokens[j].low in ("в", "во"):
            named = phrases.genitive(tokens, j + 1)
            return (j + 1, min(named[1], i)) if named and j + 1 < i else None, i + 1
    return None, i + 1


def _gerund(tokens: list[Token], i: int, found: list[Frame]) -> Frame | None:
    complement, how, end = _complement(tokens, i + 1)
    if complement is None:
        if not found or _low(tokens, i - 1) != ",":
            return None
        return Frame(
            i, end, (i, i + 1), None, None, "none", "gerund", "circumstance", shared=True, silent=True, weak=True
        )
    speaker = None
    if not found or found[-1].speaker is None:
        speaker = phrases.left(tokens, i) or _first(tokens)
    start = i - 1 if _low(tokens, i - 1) in ("и", "также", "при") and i > 1 else i
    return Frame(
        start, end, (i, i + 1), speaker, complement, how, "gerund", f"{tokens[i].low}-{how}", shared=speaker is None
    )


def _first(tokens: list[Token]) -> Indices | None:
    return phrases.right(tokens, 0)


def _complement(tokens: list[Token], at: int) -> tuple[int | None, How, int]:
    """Where the reported words begin right of the cue, how they are introduced, where the attribution ends."""
    j = at
    while j < min(len(tokens), at + _FARTHEST):
        token = tokens[j]
        if token.text == ":":
            return j + 1, "colon", j + 1
        if token.kind == "q" and (j == at or tokens[j - 1].text in ",—") and len(token.text.split()) > 3:
            return j, "quote", j
        if token.text == ",":
            if _low(tokens, j + 1) in ("что", "будто", "якобы", "дескать", "мол"):
                return j + 2, "that", j + 2
            if _low(tokens, j + 1) == "как" and _low(tokens, j - 1) in ("том", "то"):
                return j + 1, "that", j + 1
            if j + 1 < len(tokens) and tokens[j + 1].kind == "q":
                return j + 1, "quote", j + 1
            skipped = _insertion(tokens, j)
            if skipped is None:
                return None, "none", j
            j = skipped
            continue
        if token.kind == "p" and token.text in ".;!?—…":
            return None, "none", j
        j += 1
    return None, "none", min(j, len(tokens))


def _insertion(tokens: list[Token], comma: int) -> int | None:
    """``заявил, в частности, что``: the second comma, if words that introduce a report follow it."""
    for j in range(comma + 1, min(len(tokens) - 1, comma + 12)):
        token = tokens[j]
        if token.kind == "q" or (token.kind == "p" and token.text not in ","):
            return None
        if token.low in w.CUES or token.low in ("что", "чтобы"):
            return None
        if token.text == ",":
            return j if _low(tokens, j + 1) in ("что", "будто") else None
    return None
