"""URLs: the canonical form of an article's address, and the SSRF rules for addresses that may be requested. No I/O."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

MAX_LENGTH = 2000
"""Characters of an address at most; longer ones are traps or attacks, and a database index row holds 8,191 bytes."""

_DEFAULT_PORT = {"http": 80, "https": 443}
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]"

_TRACKING = re.compile(
    r"""(?:utm_.*|mtm_.*|pk_.*|hsa_.*|at_.*|ns_.*|vero_.*|_openstat|openstat|ya?sclid|yclid|ymclid|gclid|gbraid|wbraid
    |gclsrc|dclid|fbclid|msclkid|twclid|ttclid|igshid|igsh|li_fat_id|mc_cid|mc_eid|cmpid|cmp|cid_source|ocid|smid|spm
    |ito|ref_src|ref_url|recirc|share_id|shareToken|oly_anon_id|oly_enc_id|_ga|_gl|xtor|wt_mc|sref|srnd|partner)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Tracking parameters: they say where the reader came from, never which article it is."""
_FORM = re.compile(
    r"amp|amphtml|outputtype|print|printable|output_type|turbo_feed_type|turbo_ic",
    re.IGNORECASE,
)
"""Query parameters that select a form of the page, such as AMP or print."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs"})
"""Unicode categories of invisible characters, with which two different addresses look the same."""
_FORM_SEGMENTS = frozenset({"amp", "print", "printable"})
_FORM_INSIDE = re.compile(r"(?<!\.amp)(?<!-print)(?:\.amp|-print)+(?=\.html?$)", re.IGNORECASE)
_AMP_CACHE = re.compile(r"/(?:c|v|a)/(?P<secure>s/)?(?P<host>[^/]+\.[^/.]+)(?P<path>/.*)?")
"""Path of an address in the AMP cache (ampproject.org): kind, ``s`` for https, the publisher's host and path."""


@dataclass(frozen=True, slots=True)
class HostRule:
    """Canonicalisation rules of one host. ``host`` and ``scheme`` replace those of the address."""

    host: str = ""
    scheme: str = ""
    path: tuple[str, str] = ("", "")
    """Regular expression and its replacement, applied to the path."""
    drop: frozenset[str] = frozenset()
    """Further query parameters that do not name the article."""


HOSTS: dict[str, HostRule] = {
    "kremlin.ru": HostRule(scheme="http"),
    "www.kremlin.ru": HostRule(host="kremlin.ru", scheme="http"),
    "special.kremlin.ru": HostRule(host="kremlin.ru", scheme="http"),
    "en.kremlin.ru": HostRule(scheme="http"),
    "en.special.kremlin.ru": HostRule(host="en.kremlin.ru", scheme="http"),
    "tass.com": HostRule(scheme="https"),
    "www.tass.com": HostRule(host="tass.com", scheme="https"),
    "tass.ru": HostRule(scheme="https"),
    "www.tass.ru": HostRule(host="tass.ru", scheme="https"),
    "m.lenta.ru": HostRule(host="lenta.ru", scheme="https"),
    "www.lenta.ru": HostRule(host="lenta.ru", scheme="https"),
    "m.kommersant.ru": HostRule(host="www.kommersant.ru", scheme="https", drop=frozenset({"from"})),
    "kommersant.ru": HostRule(host="www.kommersant.ru", scheme="https", drop=frozenset({"from"})),
    "www.kommersant.ru": HostRule(drop=frozenset({"from"})),
    "www.mid.ru": HostRule(host="mid.ru", scheme="https"),
    "mid.ru": HostRule(scheme="https"),
    "m.interfax.ru": HostRule(host="www.interfax.ru", scheme="https"),
    "amp.rbc.ru": HostRule(host="www.rbc.ru", scheme="https", path=(r"^/rbcnews/", "/")),
    "m.rg.ru": HostRule(host="rg.ru", scheme="https"),
    "amp.theguardian.com": HostRule(host="www.theguardian.com", scheme="https"),
    "amp.cnn.com": HostRule(host="edition.cnn.com", scheme="https", path=(r"^/cnn/", "/")),
}
"""Rules by host that cannot be derived: mirrors and mobile hosts of one site, and its canonical scheme."""


@lru_cache(maxsize=1 << 14)
def canonical_url(url: str) -> str:
    """The canonical form of an address, by which articles are deduplicated. Idempotent.

    Dropped: fragment, tracking parameters, AMP and print forms (the AMP cache included), default port, case of scheme
    and host. Language editions keep their own addresses: they are separate articles, paired by the source's
    ``edition``. An address that cannot be parsed, is too long or has user information is only stripped of white space.
    """
    url = url.strip()
    if len(url) > MAX_LENGTH:
        return url
    url = _out_of_cache(url)
    parts = _split(url)
    if parts is None or parts.scheme not in _DEFAULT_PORT or not parts.hostname or "@" in parts.netloc:
        return url
    host = ascii_host(parts.hostname)
    rule = HOSTS.get(host, HostRule())
    scheme = rule.scheme or parts.scheme
    port = parts.port
    netloc = rule.host or host
    if ":" in netloc:
        netloc = f"[{netloc}]"
    if port is not None and port != _DEFAULT_PORT[parts.scheme]:
        netloc += f":{port}"
    return urlunsplit((scheme, netloc, _path(parts.path, rule), _query(parts.query, rule), ""))


def without_tracking(url: str) -> str:
    """The address to request: as it was found, without tracking parameters.

    Some publishers add such parameters to the links in their feeds, and forbid addresses with a query in robots.txt.
    """
    base, mark, rest = url.partition("?")
    query, _, _ = rest.partition("#")
    kept = [pair for pair in query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])]
    if not mark or len(kept) == len(query.split("&")):
        return url
    return f"{base}?{'&'.join(kept)}" if kept else base


def _out_of_cache(url: str) -> str:
    parts = _split(url)
    if parts is None or not (parts.hostname or "").endswith(".cdn.ampproject.org"):
        return url
    inside = _AMP_CACHE.fullmatch(parts.path)
    if inside is None:
        return url
    scheme = "https" if inside["secure"] else "http"
    return str(urlunsplit((scheme, inside["host"], inside["path"] or "/", parts.query, "")))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def ascii_host(host: str) -> str:
    """A host name in lower case and in ASCII form (punycode), without a trailing dot."""
    host = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _path(path: str, rule: HostRule) -> str:
    pattern, replacement = rule.path
    if pattern:
        path = re.sub(pattern, replacement, path)
    path = _FORM_INSIDE.sub("", path[: _form_end(path)])
    return quote(path, safe=_PATH_SAFE) or "/"


def _form_end(path: str) -> int:
    """The length of the path without segments or suffixes at its end that only name a form, such as ``/amp``."""
    end = len(path)
    while True:
        last = end - 1 if path.endswith("/", 0, end) else end
        slash = path.rfind("/", 0, last)
        if slash >= 0 and last - slash <= 10 and path[slash + 1 : last].lower() in _FORM_SEGMENTS:
            end = slash
        elif path[max(0, end - 4) : end].lower() == ".amp" and re.match(r"\w", path[end - 5 : end - 4]):
            end -= 4
        else:
            return end


def _query(query: str, rule: HostRule) -> str:
    kept = []
    for pair in query.split("&"):
        name = pair.partition("=")[0]
        if pair and not _TRACKING.fullmatch(name) and not _FORM.fullmatch(name) and name not in rule.drop:
            kept.append(quote(pair, safe=_QUERY_SAFE))
    return "&".join(kept)


def url_refusal(url: str, *, hosts: Iterable[str] | None, allow: Iterable[str] = ()) -> str | None:
    """SSRF guard: why an address must not be requested, in words; None if it may be.

    ``hosts``: names that may be requested, subdomains included; None: any public host. ``allow``: ``host:port`` pairs
    that may be requested although they are not public. Also refused, since they could reach internal services: IP
    addresses in any notation of inet_aton, 6to4, and other ports of an allowed host.
    """
    if len(url) > MAX_LENGTH:
        return f"longer than {MAX_LENGTH} characters"
    if _FORBIDDEN.search(url) or not (url.isascii() or _INVISIBLE.isdisjoint(map(unicodedata.category, url))):
        return "control character, white space or backslash"
    parts = _split(url)
    if parts is None:
        return "cannot be read as an address"
    if parts.scheme not in _DEFAULT_PORT:
        return f"scheme {parts.scheme or 'missing'!r}"
    if "@" in parts.netloc:
        return "user information in the address"
    host = ascii_host(parts.hostname or "")
    port = parts.port if parts.port is not None else _DEFAULT_PORT[parts.scheme]
    if f"{host}:{port}" in set(allow):
        return None
    return _host_refusal(host) or _port_refusal(port) or (off_hosts(host, hosts) if hosts is not None else None)


def _host_refusal(host: str) -> str | None:
    if not host:
        return "no host"
    literal = literal_address(host)
    if literal is not None:
        return blocked_address(literal) or f"address {literal} instead of a name"
    if not re.fullmatch(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9])?", host) or ".." in host or len(host) > 253:
        return f"host {host[:80]!r} is no host name"
    if "." not in host or host.rpartition(".")[2] in _LOCAL_NAMES or host.rpartition(".")[2].isdigit():
        return f"host {host!r} is not public"
    return None


_LOCAL_NAMES = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion"}
)


def _port_refusal(port: int) -> str | None:
    return None if port in _DEFAULT_PORT.values() else f"port {port}"


def off_hosts(host: str, hosts: Iterable[str]) -> str | None:
    """Why a host is not in ``hosts`` nor a subdomain of one; None if it is."""
    if any(host == name or host.endswith("." + name) for name in hosts):
        return None
    return f"host {host!r} is not one of the source's"


def literal_address(host: str) -> str | None:
    """The IP address that a host is, in any notation (dotted, integer, octal, hex, short, IPv6); None for a name."""
    try:
        return str(ipaddress.ip_address(host.strip("[]").split("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError, ValueError):
        return None


_BLOCKED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
"""IANA's special-purpose networks, plus 6to4, Teredo, NAT64 and site-local, which can embed a private address."""


def blocked_address(address: str) -> str | None:
    """Why no connection may go to this IP address; None if it is public."""
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return f"{address!r} is no IP address"
    inside = any(parsed in network for network in _BLOCKED if network.version == parsed.version)
    if inside or not parsed.is_global or parsed.is_multicast or parsed.is_reserved:
        return f"address {parsed} is not public"
    return None
