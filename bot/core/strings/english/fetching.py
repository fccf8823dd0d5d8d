"""Why something could not be read: feeds, pages, lists of feeds. Each stands behind a name or a colon."""

from __future__ import annotations

from datetime import timedelta

STATUSES = {
    400: "the server did not understand the request",
    401: "it asks for a password",
    402: "it asks for payment",
    403: "the outlet refuses us",
    404: "not found",
    406: "the server has nothing of that kind",
    408: "the server gave up waiting",
    410: "gone for good",
    418: "the outlet refuses us",
    423: "locked",
    429: "we asked too often",
    451: "withheld for legal reasons",
    500: "the server failed",
    502: "the server behind it failed",
    503: "the server is not available now",
    504: "the server behind it did not answer",
    509: "the server's allowance is used up",
    521: "the server is down",
    522: "the server behind it did not answer",
    524: "the server behind it did not answer",
    525: "the server behind it has a wrong certificate",
    526: "the server behind it has a wrong certificate",
    530: "the server behind it could not be found",
}


def status(code: int) -> str:
    """An HTTP status in words."""
    return f"{code}: {STATUSES.get(code, _family(code))}"


def _family(status: int) -> str:
    if 300 <= status < 400:
        return "a redirect that leads nowhere"
    if 400 <= status < 500:
        return "the server declined"
    if status >= 500:
        return "the server failed"
    return "not the kind of answer we asked for"


def _seconds(span: timedelta) -> str:
    seconds = span.total_seconds()
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"


def stopped_answering(span: timedelta) -> str:
    return f"the server stopped answering for {_seconds(span)}"


RESERVED = {
    "noai": "the outlet does not want its page read by AI",
    "noindex": "the outlet does not want its page indexed",
    "none": "the outlet does not want its page indexed",
    "nosnippet": "the outlet does not want its page quoted",
}
"""By the directives of robots metadata."""
RESERVED_FROM_MINING = "the outlet reserves its page from text and data mining"
NO_ANSWER = "no answer"
THAT_ADDRESS = "that address"
GREW_TOO_LARGE = "the document grew too large"
STOPPING = "Slugline is stopping"
NO_PARSER = "the parser could not be started"


def took_longer(seconds: float) -> str:
    return f"reading it took longer than {seconds:g} seconds"


TOO_MUCH = "the document is too much for the parser"
PARSER_ELSE = "the parser answered with something else"
NO_WEB_PAGE = "it is no web page"
SENT_NO_PAGE = "the server sent no page"
NO_HTML = "the page is no HTML"
NO_ARTICLE_TEXT = "no article text was found on the page"


def feed_too_large(megabytes: float) -> str:
    return f"not read: larger than {megabytes:.0f} MB"


EMPTY_FEED = "not a feed: empty"
FEED_IS_PAGE = "not a feed: a web page"
NO_JSON_FEED = "not a feed: JSON, but no JSON Feed"
BROKEN_JSON = "not a feed: the JSON is broken"
NO_FORMAT = "not a feed: no RSS, Atom, RDF or JSON Feed in it"


def feed_unreadable(fault: str) -> str:
    return f"not a feed: cannot be read ({fault})"


OTHERS_WAIT = "others wait for this host already"
ROBOTS_UNREADABLE = "the outlet's robots.txt cannot be read now"
ROBOTS_CLOSED = "the outlet's robots.txt closes the page to us"
NO_USABLE_ADDRESS = "that is no usable web address"
NOT_REACHED = "the server could not be reached"
NO_SERVER = "no server of that name was found"
NO_SECURE_CONNECTION = "no secure connection could be made"
REFUSES_CONNECTIONS = "the server refuses connections"
ADDRESS_TOO_LONG = "the address is too long"
CERTIFICATE_EARLY = "the server's certificate is not valid yet"
CERTIFICATE_EXPIRED = "the server's certificate has expired"
CERTIFICATE_OWN = "the server made its certificate itself"
CERTIFICATE_UNKNOWN = "the server's certificate is from nobody we know"
CERTIFICATE_NAME = "the server's certificate is made out for another name"
CERTIFICATE_INVALID = "the server's certificate is not valid"
ONLY_HTTP = "only http and https addresses can be read"


def no_answer_within(span: timedelta) -> str:
    return f"the server did not answer within {_seconds(span)}"


NO_PROPER_HTTP = "the server's answer is not proper HTTP"
BROKE_OFF = "the connection broke off"


def not_complete_after(span: timedelta) -> str:
    return f"the answer was not complete after {_seconds(span)}"


REDIRECT_CIRCLE = "the address redirects in a circle"


def too_many_redirects(most: int) -> str:
    return f"the address redirects more than {most} times"


PRIVATE = "the address leads into a private network"


def answer_too_large(megabytes: float) -> str:
    return f"the answer is larger than {megabytes:g} MB"


PACKED_OTHERWISE = "the answer is packed in a way we did not ask for"
ANSWER_BROKE_OFF = "the answer broke off"
PACKED_WRONGLY = "the answer is packed wrongly"
OPML_ENTITIES = "OPML: declares entities, which are not read"


def opml_root(line: str) -> str:
    return f"OPML: line {line}: the root element is not <opml>"


OPML_NO_XML = "OPML: not XML"


def opml_too_long(most: int) -> str:
    return f"OPML: more than {most} feeds"


NO_FEED_THERE = "no feed was found there"


def at_host(host: str | None, reason: str) -> str:
    return f"{host or THAT_ADDRESS}: {reason}"


def opml_broken(line: int | None, fault: str) -> str:
    """`fault` is the XML parser's own word for it, in English."""
    where = f"line {line}: " if line else ""
    return f"OPML: {where}{fault or 'not XML'}"
