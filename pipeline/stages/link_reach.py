"""What new, changed and lost quotes can affect: the segments to be linked again, and the groups that this changes.

Nothing is written here. Segments of quotes that have changed since they were linked are passed over, whoever finds
them: their articles are due, and linking them compares them with all that is near.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from pipeline.statements.candidates import SHARED_KEYS
from pipeline.statements.groups import Statement, group_segments
from pipeline.statements.links import SPAN, SegmentLink, link_segments
from pipeline.statements.normal_form import NormalForm, normal_form
from pipeline.statements.same_speaker import KnownSpeakers
from pipeline.statements.segments import LinkableQuote, Segment, segments_of
from pipeline.store.statements import linkable_quotes, segments
from pipeline.store.statements.segments import LinkedSegment, SegmentKeys, keys_of
from pipeline.store.statements.statements import FOUNDING, Regrouped

_Form = tuple[str, str, str]


@dataclass(slots=True)
class Forms:
    """Normal forms that were made lately: the same segments are read for many others."""

    most: int = 30_000
    made: dict[_Form, NormalForm] = field(default_factory=dict)

    def of(self, text: str, lang: str, type_: str) -> NormalForm:
        key = (text, lang, type_)
        found = self.made.get(key)
        if found is None:
            if len(self.made) >= self.most:
                self.made.clear()
            found = self.made[key] = normal_form(text, lang, spoken=type_ != "indirect")
        return found


@dataclass(slots=True)
class Reach:
    """What a batch changes; ``changed``: the quotes that were new or not as they were linked, by id."""

    changed: Mapping[str, LinkableQuote]
    lost_quotes: Collection[str]
    regrouped: Regrouped
    _states: Mapping[str, str]
    _keys: Mapping[str, SegmentKeys]
    _stored: Mapping[str, LinkedSegment]

    def segment_rows(self) -> list[LinkedSegment]:
        """The rows of the segments that are new or in another place or statement than before."""
        rows = self._rows(self.regrouped.found)
        return [row for row in rows if self._stored.get(row.keys.id) != row]

    def reports_of_changed(self) -> dict[str, list[LinkedSegment]]:
        """The rows of each changed quote in the order of its words."""
        found: dict[str, list[LinkedSegment]] = defaultdict(list)
        for row in self._rows(self.regrouped.found):
            if row.keys.quote_id in self.changed:
                found[row.keys.quote_id].append(row)
        return {name: sorted(found[name], key=lambda row: row.start) for name in sorted(found)}

    def _rows(self, found: Iterable[Statement]) -> list[LinkedSegment]:
        return [
            LinkedSegment(
                self._keys[it.segment.id],
                it.segment.start,
                it.segment.end,
                one.id,
                FOUNDING if it.segment is one.founding else it.how,
                it.score,
                self._states[it.segment.of.quote.id],
            )
            for one in found
            for it in one.reports
        ]


def reach_of(connection: Connection, names: Sequence[str], known: KnownSpeakers, forms: Forms) -> Reach | None:
    """What linking those of these quotes changes that are new, changed or lost; None if none is."""
    return _Reading(connection, known, forms).reach(names)


@dataclass(slots=True)
class _Reading:
    """The quotes and segments read so far."""

    connection: Connection
    known: KnownSpeakers
    forms: Forms
    quotes: dict[str, LinkableQuote] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    cut: dict[str, Segment] = field(default_factory=dict)
    keys: dict[str, SegmentKeys] = field(default_factory=dict)
    stored: dict[str, LinkedSegment] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)
    """Ids of the quotes that were read, or are not to be read."""

    def reach(self, names: Sequence[str]) -> Reach | None:
        loaded = linkable_quotes.load_quotes(self.connection, names)
        before = segments.segments_of_quotes(self.connection, names)
        linked_as = {it.keys.quote_id: it.linked_as for it in before}
        changed = {name: one for name, one in loaded.items() if linked_as.get(name) != linkable_quotes.state_of(one)}
        lost = linked_as.keys() - loaded.keys()
        if not changed and not lost:
            return None
        self.looked_at |= changed.keys() | lost
        self._take(changed.values())
        own = [it for it in before if it.keys.quote_id in changed or it.keys.quote_id in lost]
        new = set(self.cut)
        gone = frozenset(it.keys.id for it in own) - new
        again = self._linked_again([self.keys[name] for name in new], [it.keys for it in own])
        self._read_context(again)
        made = link_segments(self.cut.values(), self.known, touching=again)
        kept = segments.links_of(self.connection, again | gone | {it.keys.id for it in own})
        found, former = {(it.a, it.b): it for it in made}, {(it.a, it.b): it for it in kept}
        lost_links = [it for pair, it in former.items() if pair not in found]
        new_links = [it for pair, it in found.items() if former.get(pair) != it]
        start = new | {name for it in (*lost_links, *new_links) for name in (it.a, it.b)} - gone
        groups = self._groups(start, again | gone | {it.keys.id for it in own}, made)
        before_all = {it.keys.id: it for it in (*self.stored.values(), *own)}
        members = {it.segment.id for one in groups for it in one.reports}
        regrouped = Regrouped(
            groups,
            [it for name, it in before_all.items() if name in members or name in gone],
            gone,
            lost_links,
            new_links,
        )
        return Reach(changed, lost, regrouped, self.states, self.keys, before_all)

    def _take(self, quotes: Iterable[LinkableQuote], wanted: Collection[str] | None = None) -> None:
        """Cut quotes; of their segments the wanted ones, if they are named, are used."""
        for one in quotes:
            self.states[one.quote.id] = linkable_quotes.state_of(one)
            for segment in segments_of(one, self.forms.of):
                if wanted is None or segment.id in wanted:
                    self.cut[segment.id] = segment
                    self.keys[segment.id] = keys_of(segment, self.known)

    def _read(self, found: Iterable[SegmentKeys]) -> None:
        """Read these segments, but those whose quotes are not as they were when they were linked."""
        wanted = {it.id: it.quote_id for it in found if it.id not in self.cut}
        quotes = {quote for quote in wanted.values() if quote not in self.looked_at}
        wanted = {name: quote for name, quote in wanted.items() if quote in quotes or quote in self.quotes}
        loaded = linkable_quotes.load_quotes(self.connection, quotes)
        self.looked_at |= quotes
        for it in segments.segments_of_quotes(self.connection, quotes):
            one = loaded.get(it.keys.quote_id)
            if one is not None and linkable_quotes.state_of(one) == it.linked_as:
                self.stored[it.keys.id] = it
                self.quotes[one.quote.id] = one
        self._take([self.quotes[it] for it in sorted(set(wanted.values()) & self.quotes.keys())], wanted.keys())

    def _linked_again(self, new: Sequence[SegmentKeys], old: Sequence[SegmentKeys]) -> set[str]:
        """The new segments, and those of the same words near them, now or where they were before."""
        around = [*new, *old]
        same = segments.of_same_words(self.connection, around)
        self._read(same)
        return {it.id for it in new} | {it.id for it in same if it.id in self.cut}

    def _read_context(self, again: Collection[str]) -> None:
        """Read all segments that these may be linked with, or that stand between such in time."""
        keys = [self.keys[name] for name in sorted(again) if self.keys[name].places]
        found = segments.of_same_words(self.connection, keys)
        undated = {it.words for it in keys if it.at is None}
        found += segments.earliest_of_words(self.connection, undated)
        found += self._sharing_keys(keys)
        found += self._in_articles(keys)
        self._read(found)

    def _sharing_keys(self, keys: Sequence[SegmentKeys]) -> list[SegmentKeys]:
        """Stored segments of the same speakers, near in time, that share rare stems with any of these."""
        wanted: dict[str, dict[str, list[SegmentKeys]]] = defaultdict(lambda: defaultdict(list))
        for one in keys:
            for block in one.blocks:
                for stem in one.stems:
                    wanted[block][stem].append(one)
        found: dict[str, SegmentKeys] = {}
        for other in segments.filed_at(self.connection, {place for one in keys for place in segments.places_near(one)}):
            if other.id not in found and any(_shares(other, wanted[it]) for it in other.blocks if it in wanted):
                found[other.id] = other
        return list(found.values())

    def _in_articles(self, keys: Sequence[SegmentKeys]) -> list[SegmentKeys]:
        """Stored segments of the same articles that share rare stems with any of these."""
        of_quote = {one.of.quote.id: one.of.quote.article_id for one in self.cut.values()}
        wanted: dict[str, dict[str, list[SegmentKeys]]] = defaultdict(lambda: defaultdict(list))
        for one in keys:
            for stem in one.stems:
                wanted[of_quote[one.quote_id]][stem].append(one)
        near = segments.of_articles(self.connection, wanted.keys())
        return [other for article, other in near if _shares(other, wanted[article])]

    def _groups(
        self, start: Collection[str], replaced: Collection[str], made: Sequence[SegmentLink]
    ) -> list[Statement]:
        """The statements of all segments that links connect with these. Links of ``replaced`` are those ``made``."""
        own: dict[str, list[SegmentLink]] = defaultdict(list)
        for link in made:
            own[link.a].append(link)
            own[link.b].append(link)
        links = {(link.a, link.b): link for link in made}
        reached: set[str] = set()
        fresh = set(start)
        while fresh:
            reached |= fresh
            stored = [
                link
                for link in segments.links_of(self.connection, fresh)
                if link.a not in replaced and link.b not in replaced
            ]
            links |= {(link.a, link.b): link for link in stored}
            near = (link for link in (*stored, *(it for name in fresh for it in own.get(name, ()))) if _joins(link))
            fresh = {name for link in near for name in (link.a, link.b)} - reached
        missing = reached - self.cut.keys()
        self._read(it.keys for it in segments.segments_called(self.connection, missing))
        members = [self.cut[name] for name in sorted(reached & self.cut.keys())]
        return group_segments(members, links.values(), self.known)


def _joins(link: SegmentLink) -> bool:
    return link.kind != "apart"


def _shares(other: SegmentKeys, wanted: Mapping[str, Sequence[SegmentKeys]]) -> bool:
    """Whether a segment shares enough stems with one of those listed by stem, and is near it in time."""
    shared = Counter(one.id for stem in other.stems for one in wanted.get(stem, ()) if _near(one, other))
    return any(count >= SHARED_KEYS for count in shared.values())


def _near(one: SegmentKeys, other: SegmentKeys) -> bool:
    if one.at is None or other.at is None:
        return one.at is other.at
    return abs(one.at - other.at) <= SPAN
