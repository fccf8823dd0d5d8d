"""Sites whose feeds follow from the address alone, or from a mark in the page.

Each rule gets the parts of an address and the page, and gives addresses, best first. None is trusted: whatever a rule
gives is fetched and parsed before anybody sees it. Read about in:

- YouTube, Medium publications: https://docs.tomy.me/spec-rss-atom
- Medium writers: https://quickcoder.org/rss-overview/
- Substack: https://lighthouseapp.io/blog/deep-dive-finding-rss-feeds
- Mastodon, profiles of other servers too: https://gist.github.com/Nitrousoxide/10cf5e78bc965887ba723a63d1daf0fa
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

_CHANNEL = re.compile(r"UC[\w-]{22}")
_CHANNEL_IN_PAGE = re.compile(r"\"(?:channelId|externalId)\":\"(UC[\w-]{22})\"|channel_id=(UC[\w-]{22})")
_GITHUB_PAGES = frozenset(
    """about account apps blog codespaces collections contact customer-stories enterprise explore features issues
    join login marketplace new notifications orgs organizations pricing pulls readme search security settings site
    sponsors stars topics trending""".split()
)
_MASTODON_PROFILE = re.compile(r"/@([A-Za-z0-9_]{1,64})(?:@([a-z0-9.-]{4,253}))?(?:/.*)?", re.I)


def site_feeds(url: str, page: str = "") -> tuple[str, ...]:
    """Addresses of feeds, best first; empty for sites no rule knows."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    return tuple(dict.fromkeys(address for rule in _RULES for address in rule(host, parts, page)))


def _youtube(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    if host not in ("youtube.com", "youtu.be"):
        return
    feeds = "https://www.youtube.com/feeds/videos.xml"
    if playlist := parse_qs(parts.query).get("list"):
        yield f"{feeds}?playlist_id={quote(playlist[0], safe='')}"
    steps = _steps(parts)
    if len(steps) > 1 and steps[0] == "channel" and _CHANNEL.fullmatch(steps[1]):
        yield f"{feeds}?channel_id={steps[1]}"
    elif len(steps) > 1 and steps[0] == "user":
        yield f"{feeds}?user={quote(steps[1], safe='')}"
    elif found := _CHANNEL_IN_PAGE.search(page):
        yield f"{feeds}?channel_id={found[1] or found[2]}"


def _substack(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    steps = _steps(parts)
    if host == "substack.com" and steps and steps[0].startswith("@"):
        yield f"https://{quote(steps[0][1:], safe='')}.substack.com/feed"
    elif (host.endswith(".substack.com") and host != "substack.com") or "substackcdn.com" in page:
        yield f"{_home(parts)}/feed"


def _medium(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    steps = _steps(parts)
    if host == "medium.com" and steps:
        if steps[0] == "feed":
            return
        if len(steps) > 2 and steps[1] == "tagged":
            yield f"https://medium.com/feed/{steps[0]}/tagged/{steps[2]}"
        if steps[0] == "tag" and len(steps) > 1:
            yield f"https://medium.com/feed/tag/{steps[1]}"
        else:
            yield f"https://medium.com/feed/{steps[0]}"
    elif host.endswith(".medium.com") or "cdn-client.medium.com" in page:
        yield f"{_home(parts)}/feed"


def _mastodon(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    # Any host may be a server; other sites with such profiles have rules of their own. A server shows the profiles of
    # others too, but only their own server has their feed.
    profile = _MASTODON_PROFILE.fullmatch(parts.path)
    if profile and host not in ("medium.com", "youtube.com", "substack.com", "tiktok.com", "threads.net"):
        home = f"https://{profile[2].lower()}" if profile[2] else _home(parts)
        yield f"{home}/@{profile[1]}.rss"
    elif parts.path.startswith("/tags/") and len(_steps(parts)) == 2:
        yield f"{_home(parts)}/tags/{_steps(parts)[1]}.rss"


def _github(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    steps = _steps(parts)
    if host != "github.com" or not steps or steps[0] in _GITHUB_PAGES:
        return
    if len(steps) == 1:
        yield f"https://github.com/{steps[0]}.atom"
        return
    repository = f"https://github.com/{steps[0]}/{steps[1].removesuffix('.git')}"
    kinds = ["releases", "commits", "tags"]
    if len(steps) > 2 and steps[2] in kinds:
        kinds.remove(steps[2])
        kinds.insert(0, steps[2])
    for kind in kinds:
        yield f"{repository}/{kind}.atom"


def _reddit(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    steps = _steps(parts)
    if host not in ("reddit.com", "old.reddit.com", "new.reddit.com"):
        return
    if len(steps) > 1 and steps[0] in ("r", "user", "u"):
        yield f"https://www.reddit.com/{'user' if steps[0] == 'u' else steps[0]}/{steps[1]}/.rss"
    elif not steps:
        yield "https://www.reddit.com/.rss"


def _bluesky(host: str, parts: SplitResult, page: str) -> Iterator[str]:
    steps = _steps(parts)
    if host == "bsky.app" and len(steps) > 1 and steps[0] == "profile":
        yield f"https://bsky.app/profile/{steps[1]}/rss"


def _home(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _steps(parts: SplitResult) -> list[str]:
    return [step for step in parts.path.split("/") if step]


_RULES: tuple[Callable[[str, SplitResult, str], Iterator[str]], ...] = (
    *(_youtube, _substack, _medium, _github, _reddit, _bluesky, _mastodon),
)
