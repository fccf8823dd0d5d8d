"""The canonical form of an address: equal for every spelling under which outlets hand out one page.

Left out are what does not choose the page: scheme, `www.`, default port, fragment, trailing slash, tracking
parameters, and the signs of an AMP or mobile edition. What may choose it stays, above all `?p=123` and `?id=…`. The
result is for comparing only; it is never fetched or shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

# Parameters that say where a reader came from. Names were collected from the links of real feeds and from the
# documentation of the analytics products named beside them.
_TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id epik s_kwcid
    mc_cid mc_eid mkt_tok vero_id vero_conv oly_anon_id oly_enc_id _hsenc _hsmi __s _ga _gl _ke ml_subscriber
    ref ref_ ref_src ref_url referrer referer refid cmp cmpid campaign campaign_id icid ncid ocid ito xtor xtref
    smid smtyp emc partner mod ns_mchannel ns_campaign ns_source ns_linkname s_cid sref soc_src soc_trk sr_share
    feed feedname feedtype feedid from_rss fromrss src_rss rss ftag taid tpcc traffic_source guccounter
    guce_referrer guce_referrer_sig __twitter_impression share sharetype share_id spm scm vgnextrefresh wt_mc
    wt.mc_id wt.mc_ev wt.nav wt.rss_f wt.rss_a wt.rss_ev cn-track amp
    """.split()
)
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "stm_", "sc_", "trk_", "__hs")
# Parameters that are tracking only with such a value.
_TRACKING_VALUES = {
    "source": frozenset(("rss", "feed", "rss_feed", "rssfeed", "twitter", "facebook", "newsletter", "email")),
    "from": frozenset(("rss", "feed", "twitter", "facebook")),
    "via": frozenset(("rss", "feed")),
    "outputtype": frozenset(("amp",)),
    "output": frozenset(("amp",)),
}

_AMP_VIEWER = re.compile(r"/amp/(?:s/)?(?P<rest>[^/]+\.[^/]+/.*)", re.S)  # www.google.com/amp/s/HOST/PATH
_AMP_CACHE = re.compile(r"/[a-z]/(?:s/)?(?P<rest>[^/]+\.[^/]+(?:/.*)?)", re.S)  # …cdn.ampproject.org/c/s/HOST/PATH
_EDITION = re.compile(r"^(?:www|amp|m|mobile)\.(?=[^.]+\.[^.])")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SLASHES = re.compile(r"/{2,}")
_INDEX = re.compile(r"/index\.(?:html?|php)$")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@lru_cache(maxsize=1024)  # a guid often is the entry's address again, and so are those of the next reading
def canonical_address(url: str) -> str:
    """`host/path?query` without scheme; "" where `url` is no http(s) address. Idempotent up to a scheme in front."""
    return _canonical(url, unwrap=2)


def names_a_page(canonical: str) -> bool:
    """Whether a canonical address says more than a site's front door."""
    return "/" in canonical or "?" in canonical


def _canonical(url: str, unwrap: int) -> str:
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    if unwrap and (inner := _inner(host, parts.path, parts.query)):
        return _canonical(inner, unwrap - 1)
    while edition := _EDITION.match(host):
        host = host[edition.end() :]
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    query = _query(parts.query)
    hashbang = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return where + _path(parts.path) + (f"?{query}" if query else "") + hashbang


def _inner(host: str, path: str, query: str) -> str:
    """The address behind an AMP cache, an AMP viewer or Google's redirect; "" for every other one."""
    if host.endswith(".cdn.ampproject.org") and (found := _AMP_CACHE.fullmatch(path)):
        return "https://" + found["rest"]
    if host in ("www.google.com", "google.com", "www.bing.com"):
        if found := _AMP_VIEWER.fullmatch(path):
            return "https://" + found["rest"]
        if path == "/url":
            try:
                asked = dict(parse_qsl(query, max_num_fields=50))
            except ValueError:
                return ""
            return asked.get("url") or asked.get("q") or ""
    return ""


def _path(path: str) -> str:
    if "%" in path:
        path = _ESCAPE.sub(_unescaped, path)
    path = _SLASHES.sub("/", path)
    path = _INDEX.sub("", path).rstrip("/")
    if path.startswith("/amp/"):
        path = path[4:]
    if path.endswith(".amp.html"):
        return path.removesuffix(".amp.html") + ".html"
    for sign in ("/amp.html", "/amp", ".amp"):
        if path.endswith(sign):
            return path.removesuffix(sign).rstrip("/")
    return path


def _query(query: str) -> str:
    if not query:
        return ""
    kept = {_ESCAPE.sub(_unescaped, part) for part in query.replace("&amp;", "&").split("&") if not _tracks(part)}
    return "&".join(sorted(kept))


def _tracks(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote(name).lower()
    if not name or name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return value.lower() in _TRACKING_VALUES.get(name, ())


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()
