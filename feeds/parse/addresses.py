"""Links in feeds: made absolute, and http or https or nothing."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_EXTRA_SLASHES = re.compile(r"^(https?:)/{3,}", re.I)
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff\ufffd-\uffff\u200b-\u200f\u202a-\u202e\u2060-\u2069]+")
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:.]+\]")
_KEPT = "%/:=&?~#+!$,;'@()*[]-._"


def web_address(raw: str, base: str, limit: int) -> str:
    """`raw` as an absolute http(s) address of ASCII characters, or "".

    Relative ones are resolved against `base`. Spaces and non-ASCII characters are percent-encoded, international
    host names become their ASCII form, and a user name or password (`https://bank.example@evil.example/`) is
    dropped. Anything else is returned unchanged, so that an address keeps meaning what its outlet meant.
    """
    if len(raw) <= limit and _PLAIN.fullmatch(raw) and "@" not in raw:
        return raw
    raw = raw.strip()
    if not raw or len(raw) > limit:
        return ""
    joined = _EXTRA_SLASHES.sub(r"\1//", raw)
    try:
        if not _SCHEME.match(joined):
            joined = urljoin(base, joined)
        parts = urlsplit(_NOT_IN_ADDRESS.sub(lambda run: "%20" if " " in run[0] else "", joined).replace("\\", "/"))
        host = parts.hostname or ""
        port = parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme.lower() not in ("http", "https"):
        return ""
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return ""
    netloc = host if port is None else f"{host}:{port}"
    address = quote(
        urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, parts.fragment)), safe=_KEPT, errors="ignore"
    )
    return address if len(address) <= limit else ""
