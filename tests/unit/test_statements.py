"""Linking: what is one utterance, and that the answer depends on the set of quotes alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import ids
from pipeline.records import Stance, StoredQuote
from pipeline.statements.grouping import SPAN, affected_quote_ids, group_quotes

DAY = datetime(2026, 6, 15, 9, tzinfo=UTC)
LONG = "the harbour will stay open to every ship until the ice arrives"
PART = "will stay open to every ship until"
SHORT = "No"


def quote(
    words: str,
    speaker: str | None = "mira-holt",
    *,
    article: str = "a",
    hours: float = 0,
    name: str | None = None,
    n: int = 1,
    published: bool = True,
    stance: Stance = "said",
) -> StoredQuote:
    at = DAY + timedelta(hours=hours)
    return StoredQuote(
        id=ids.quote_id(article, ids.normalised_words(words), n),
        article_id=article,
        source_id=f"source-{article}",
        text=words,
        lang="en",
        type="direct",
        speaker_id=speaker,
        speaker_name=name,
        published_at=at if published else None,
        seen_at=at,
        stance=stance,
    )


def parts(*quotes: StoredQuote) -> set[frozenset[str]]:
    """The groups as sets of article ids."""
    articles = {one.id: one.article_id for one in quotes}
    return {frozenset(articles[one.quote_id] for one in statement.quotes) for statement in group_quotes(quotes)}


def test_same_words_by_one_speaker_in_three_outlets_are_one_statement() -> None:
    quotes = [quote(LONG, article=name, hours=at) for at, name in enumerate("abc")]
    [statement] = group_quotes(quotes)
    assert statement.founding_quote_id == quotes[0].id
    assert statement.id == ids.statement_id(quotes[0].id)
    assert [(one.how, one.score) for one in statement.quotes] == [("founding", 1.0), ("exact", 1.0), ("exact", 1.0)]


def test_a_denial_never_says_the_same_as_the_claim() -> None:
    claims = [quote(LONG, article="a"), quote(LONG, article="b", hours=1)]
    denials = [quote(LONG, article="c", hours=1, stance="denied"), quote(PART, article="d", hours=2, stance="denied")]
    assert parts(*claims, *denials) == {frozenset("ab"), frozenset("cd")}
    assert affected_quote_ids([*claims, *denials], [denials[0].id]) == {one.id for one in denials}


def test_case_marks_and_yo_do_not_separate_words() -> None:
    first = quote("Всё будет хорошо, ещё увидим, — и скоро", article="a")
    assert parts(first, quote("все будет хорошо еще увидим и скоро", article="b")) == {frozenset("ab")}


def test_a_part_of_the_words_joins_the_whole() -> None:
    whole, part = quote(LONG, article="a"), quote(PART, article="b", hours=1)
    [statement] = group_quotes([part, whole])
    assert [one.how for one in statement.quotes] == ["founding", "truncated"]
    assert statement.quotes[1].score == round(7 / 12, 4)


def test_words_must_be_a_part_as_whole_words() -> None:
    assert len(parts(quote("we stay open to all ships", article="a"), quote("stay open to all ship", article="b"))) == 2


def test_different_speakers_never_share_a_statement() -> None:
    assert len(parts(quote(LONG, article="a"), quote(LONG, "other", article="b"))) == 2
    assert len(parts(quote(LONG, article="a"), quote(PART, "other", article="a", n=2))) == 1  # article sets agree
    assert len(group_quotes([quote(LONG, article="a"), quote(PART, "other", article="a")])) == 2
    assert len(group_quotes([quote(LONG, None, article="a", name="A"), quote(LONG, None, article="b", name="B")])) == 2


def test_a_nameless_quote_never_bridges_two_speakers() -> None:
    quotes = [quote(LONG, article="a"), quote(LONG, None, article="b"), quote(LONG, "other", article="c")]
    assert len(parts(*quotes)) == 3


def test_a_nameless_quote_joins_the_one_speaker_who_says_the_same_long_words() -> None:
    assert parts(quote(LONG, None, article="a"), quote(LONG, article="b", hours=2)) == {frozenset("ab")}


def test_nameless_quotes_join_across_articles_only_by_long_equal_words() -> None:
    assert len(parts(quote(LONG, None, article="a"), quote(LONG, None, article="b"))) == 1
    assert len(parts(quote(LONG, None, article="a"), quote(PART, None, article="b"))) == 2
    words = "we shall be ready soon enough"
    assert len(parts(quote(words, None, article="a"), quote(words, None, article="b"))) == 2


def test_lead_and_body_of_one_article_join_even_without_a_name() -> None:
    assert len(group_quotes([quote(LONG, None), quote("stay open to every ship", None)])) == 1
    assert len(group_quotes([quote(LONG, None), quote("the harbour will", "mira-holt")])) == 1


def test_short_words_join_on_one_day_or_in_one_article_only() -> None:
    assert len(group_quotes([quote(SHORT), quote(SHORT, n=2)])) == 1
    assert len(group_quotes([quote(SHORT, article="a"), quote(SHORT, article="b", hours=5)])) == 1
    assert len(group_quotes([quote(SHORT, article="a"), quote(SHORT, article="b", hours=24)])) == 2
    assert len(group_quotes([quote(SHORT, None, article="a"), quote(SHORT, None, article="b")])) == 2


def test_short_words_are_no_part_of_anything_elsewhere() -> None:
    assert len(group_quotes([quote("no we will not go there today", article="a"), quote("no", article="b")])) == 2
    assert len(group_quotes([quote("we will not go there today", article="a"), quote("we will not", article="b")])) == 2


def test_the_same_words_days_later_are_another_statement() -> None:
    late = SPAN.total_seconds() / 3600
    assert len(group_quotes([quote(LONG, article="a"), quote(LONG, article="b", hours=late)])) == 1
    assert len(group_quotes([quote(LONG, article="a"), quote(LONG, article="b", hours=late + 1)])) == 2


def test_a_phrase_repeated_every_day_does_not_become_one_endless_statement() -> None:
    statements = group_quotes([quote(LONG, article=f"d{day}", hours=24 * day) for day in range(12)])
    assert [len(one.quotes) for one in statements] == [4, 4, 4]


def test_a_sentence_is_not_the_whole_speech() -> None:
    speech = " ".join(f"word{n}" for n in range(1000))
    sentence = " ".join(f"word{n}" for n in range(100, 112))
    half = " ".join(f"word{n}" for n in range(500))
    assert len(group_quotes([quote(speech, article="a"), quote(sentence, article="b")])) == 2
    assert len(group_quotes([quote(speech, article="a"), quote(half, article="b")])) == 1


def test_the_founding_quote_is_the_first_published_then_the_smallest_id() -> None:
    later, earlier = quote(LONG, article="a", hours=3), quote(LONG, article="b", hours=1)
    assert group_quotes([later, earlier])[0].founding_quote_id == earlier.id
    same = [quote(LONG, article=name) for name in "abcdef"]
    assert group_quotes(same)[0].founding_quote_id == min(one.id for one in same)


def test_a_quote_without_a_day_joins_only_by_many_equal_words() -> None:
    undated = quote(LONG, article="a", hours=100, published=False)
    assert len(group_quotes([undated, quote(LONG, article="b")])) == 1
    assert group_quotes([undated, quote(LONG, article="b")])[0].founding_quote_id == quote(LONG, article="b").id
    seven = " ".join(LONG.split()[:7])
    assert len(group_quotes([quote(seven, article="a", published=False), quote(seven, article="b")])) == 2
    assert len(group_quotes([quote(PART, article="a", published=False), quote(LONG, article="b")])) == 2
    assert (
        len(group_quotes([quote(PART, article="a", published=False), quote(LONG, article="a", published=False)])) == 1
    )


def test_a_quote_without_a_day_joins_no_two_that_are_apart() -> None:
    undated = quote(LONG, article="c", hours=50, published=False)
    dated = [quote(LONG, article="a"), quote(LONG, article="b", hours=200)]
    assert parts(undated, *dated) == {frozenset("ac"), frozenset("b")}


WORDS = LONG.split()
PIECES = [" ".join(WORDS[a:b]) for a in range(0, 12, 2) for b in range(a + 1, 13, 3)]
QUOTES = st.lists(
    st.builds(
        quote,
        st.sampled_from(PIECES),
        st.sampled_from(["mira-holt", "mira-holt", "mira-holt", "other", None]),
        article=st.sampled_from("abcdefgh"),
        hours=st.integers(0, 14).map(lambda n: n * 12),
        published=st.sampled_from([True, True, True, False]),
    ),
    max_size=24,
    unique_by=lambda one: one.id,
)


@settings(max_examples=300)
@given(QUOTES, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_statements(quotes: list[StoredQuote], rng: random.Random) -> None:
    shuffled = quotes[:]
    rng.shuffle(shuffled)
    assert group_quotes(shuffled) == group_quotes(quotes)


@settings(max_examples=300)
@given(QUOTES, st.integers(0, 24))
def test_a_neighbourhood_alone_gives_its_quotes_the_statements_of_the_whole(quotes: list[StoredQuote], at: int) -> None:
    seeds = {one.id for one in quotes[at:]}
    reached = affected_quote_ids(quotes, seeds)
    assert seeds <= reached
    alone = group_quotes(one for one in quotes if one.id in reached)
    whole = [one for one in group_quotes(quotes) if one.founding_quote_id in reached]
    assert alone == whole


@settings(max_examples=200)
@given(QUOTES)
def test_every_quote_is_in_one_statement_of_one_speaker(quotes: list[StoredQuote]) -> None:
    statements = group_quotes(quotes)
    linked = [one.quote_id for statement in statements for one in statement.quotes]
    assert sorted(linked) == sorted(one.id for one in quotes)
    speakers = {one.id: one.speaker_id for one in quotes}
    for statement in statements:
        assert len({speakers[one.quote_id] for one in statement.quotes} - {None}) <= 1
