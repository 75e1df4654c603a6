"""The reasons that stand beside an outcome in the ledger: one short fixed word for each way in which an item ends."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an item has its outcome. The values are stored and reported; other answers of a server are ``http-NNN``."""

    # kept, unchanged
    NEW = "new"
    EDITED = "edited"
    FROM_FEED = "from-feed"
    FEED = "feed"
    NOT_MODIFIED = "not-modified"
    SAME_BODY = "same-body"
    SAME_TEXT = "same-text"
    SETTLED = "settled"
    NOT_DUE = "not-due"
    QUOTED = "quoted"
    NO_QUOTES = "no-quotes"

    # duplicate
    SAME_ARTICLE = "same-article"
    SAME_STORY = "same-story"
    REDIRECT = "redirect"

    # not relevant, not an article
    OFF_BEAT = "off-beat"
    PATTERN = "pattern"
    OTHER_HOST = "other-host"
    HOME = "home"
    CONTENT_TYPE = "content-type"
    NOT_HTML = "not-html"
    NO_TEXT = "no-text"
    LINK_LIST = "link-list"
    SOFT_404 = "soft-404"

    # gone
    TAKEN_DOWN = "taken-down"
    """The text must not be held: the address is not asked for, and what a feed has of it is not kept."""

    # error: what we do not ask for
    ROBOTS = "robots"
    ROBOTS_UNREAD = "robots-unread"
    """robots.txt itself could not be read, so that nothing may be asked for (RFC 9309)."""
    GUARD = "guard"
    """The SSRF guard refused an address, or a document declares entities that could make it expand."""
    RETRY_AFTER = "retry-after"
    MAX_PAGES = "max-pages"
    SITEMAP_DEPTH = "sitemap-depth"
    NOT_TRIED = "not-tried"
    """Found but not requested, because the crawl was stopped first."""
    DAMAGED = "damaged"
    """The replayed file cannot be read there."""

    # error: the way to the server
    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    REFUSED = "refused"
    """A connection, or an e-mail, by the server."""
    RESET = "reset"
    """The server closed the connection before it had answered."""
    NETWORK = "network"
    REDIRECTS = "redirects"

    # error: what the server sent
    EMPTY_BODY = "empty-body"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad-encoding"
    TOO_LARGE = "too-large"
    PAYWALL = "paywall"
    COOKIE_WALL = "cookie-wall"
    BOT_WALL = "bot-wall"
    NO_SUCH_ENTRY = "no-such-entry"
    NOT_A_FEED = "not-a-feed"
    EMPTY_FEED = "empty-feed"
    NOT_A_SITEMAP = "not-a-sitemap"
    EMPTY_SITEMAP = "empty-sitemap"
    NOT_A_LISTING = "not-a-listing"
    EMPTY_LISTING = "empty-listing"
    NOT_A_LIST = "not-a-list"
    EMPTY_LIST = "empty-list"
    NO_USABLE_ENTRY = "no-usable-entry"

    # error: an e-mail
    PUT_OFF = "put-off"
    """It could not be sent now, and is tried again."""
    UNANSWERED = "unanswered"
    """The server took it and did not answer: it may have arrived."""
    UNWRITABLE = "unwritable"
    """By a bug of ours; it waits."""
    EXPIRED = "expired"

    # error: reading it
    PARSE_LIMIT = "parse-limit"
    PARSE_CPU = "parse-cpu"
    PARSE_MEMORY = "parse-memory"
    PARSE_CRASH = "parse-crash"
    PARSE_TIMEOUT = "parse-timeout"
    NO_WORKER = "no-worker"
    BUG = "bug"
    """A fault of our code; too many of them fail the run."""


IN_WORDS = {
    Reason.TIMEOUT: "no answer in time",
    Reason.DNS: "its name is not found, DNS",
    Reason.TLS: "no encrypted connection, TLS",
    Reason.REFUSED: "connection refused",
    Reason.RESET: "connection closed",
    Reason.ROBOTS: "robots.txt forbids it",
}
"""Reasons that are hard to understand from the word alone."""


def explained_reason(reason: str, detail: str = "") -> str:
    """The reason, with its meaning in parentheses where that is not clear from the word; ``detail`` of the ledger."""
    words = detail if reason in (Reason.ROBOTS_UNREAD, Reason.TLS) else ""
    words = words or IN_WORDS.get(reason, "")  # type: ignore[call-overload]
    return f"{reason} ({words})" if words else reason


def http_reason(status: int) -> str:
    """The reason of an item that a server answered with a status that decides its outcome, such as ``http-404``."""
    return f"http-{status}"
