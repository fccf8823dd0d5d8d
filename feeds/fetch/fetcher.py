"""The one way out: feeds, pages and whatever members type are fetched here.

Two sessions share nothing. The public one may connect to public addresses only, whatever a name resolves to at that
moment; the exempt one is used for exactly the host:port pairs an operator allowed, hop by hop, so a redirect from an
allowed host to another private one is refused like any other. Redirects are followed by hand for that reason.
No connection is kept: feeds on one host are a gap apart anyway, and a fresh connection is always a checked one. No
cookies, no proxies from the environment, no credentials beyond the origin they were given for.

Every way a fetch can end is a value (`FetchResult`); only cancellation and bugs raise.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.app.ports import Clock
from bot.core import strings
from bot.core.feed import Validators
from feeds.fetch import headers as header
from feeds.fetch.address import ForbiddenAddress, PublicResolver, SystemResolver, is_public, public_socket
from feeds.fetch.body import BadBody, BodyReader
from feeds.fetch.result import FEED_LIMITS, Body, Declined, FetchResult, Limits, NoAnswer, NotModified, Unsafe
from feeds.host_gate import HostClosed, HostGate, HostPort, line_of

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml, */*;q=0.1"

LONGEST_ADDRESS = 4096
"""Characters of an address; longer ones are no feeds."""
LONGEST_VALIDATOR = 1024
"""Characters of an ETag or date that we are willing to repeat."""
LONGEST_HEADERS = 128
"""Header lines; each at most 8 kB (aiohttp's own limits)."""
UNREACHABLE_REST = timedelta(seconds=30)
"""How long a host that could not be reached at all is left alone by everybody in its line."""
KEPT_HEADERS = (
    "age",
    "cache-control",
    "content-language",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
    "tdm-policy",
    "tdm-reservation",
    "x-robots-tag",
)

_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)


@dataclass(frozen=True, slots=True)
class _Target:
    url: URL  # without user and password
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def where(self) -> HostPort:
        return (self.url.host or "").lower(), self.url.port or 0

    @property
    def credentials(self) -> dict[str, str]:
        if not self.user:
            return {}
        return {"Authorization": aiohttp.encode_basic_auth(self.user, self.password)}


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool


class _BadAddress(ValueError):
    """The message is for people."""


class Fetcher:
    """Use as an async context manager. `contact` is an address or page for administrators, shown in the User-Agent.

    `tls` says whose certificates are believed; None: those of the authorities that the system trusts. There is no way
    to fetch without a valid one.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        contact: str | None = None,
        gate: HostGate | None = None,
        resolver: AbstractResolver | None = None,
        connections: int = 256,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if tls is not None and (tls.verify_mode is not ssl.CERT_REQUIRED or not tls.check_hostname):
            raise ValueError("a fetcher always verifies certificates")
        self._tls = tls or True
        self._clock = clock
        self._gate = gate or HostGate()
        self._given_resolver = resolver
        self._slots = asyncio.Semaphore(connections)
        self.user_agent = f"Slugline/{_version()}" + (f" (+{contact})" if contact else "")

    async def __aenter__(self) -> Self:
        self._resolver = self._given_resolver or SystemResolver()
        self._public = self._session(
            aiohttp.TCPConnector(
                limit=0,
                force_close=True,
                resolver=PublicResolver(self._resolver),
                socket_factory=public_socket,
                ssl=self._tls,
            )
        )
        self._exempt = self._session(
            aiohttp.TCPConnector(limit=0, force_close=True, resolver=self._resolver, ssl=self._tls)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._public.close()
        await self._exempt.close()
        if self._given_resolver is None:
            await self._resolver.close()

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, br, deflate"},
            max_headers=LONGEST_HEADERS,
            read_bufsize=2**16,
            trust_env=False,
        )

    async def fetch(
        self,
        url: str,
        *,
        allow: frozenset[HostPort] = frozenset(),
        validators: Validators | None = None,
        accept: str = ACCEPT_FEED,
        limits: Limits = FEED_LIMITS,
    ) -> FetchResult:
        """GET, following redirects. `allow` lists the host:port pairs that may be private.

        Safe to repeat. Raises nothing but cancellation.
        """
        request = {"Accept": accept} | _conditions(validators)
        conditional = len(request) > 1
        spent = 0.0
        seen: set[str] = set()
        moved_to: str | None = None
        permanent = True
        try:
            target = _target(url)
            while True:
                where = target.where
                async with self._gate.turn(where), self._slots:
                    # Redirects within the host are one visit: no gap between them.
                    while line_of(target.where) == line_of(where):
                        if str(target.url) in seen:
                            return NoAnswer(reason=strings.fetching.REDIRECT_CIRCLE)
                        seen.add(str(target.url))
                        if len(seen) > limits.redirects + 1:
                            return NoAnswer(reason=strings.fetching.too_many_redirects(limits.redirects))
                        started = asyncio.get_running_loop().time()
                        step = await self._step(target, request, conditional, allow, limits, spent)
                        spent += asyncio.get_running_loop().time() - started
                        if not isinstance(step, _Redirect):
                            return self._with_move(step, where, moved_to)
                        target = _next(target, step.location)
                        permanent = permanent and step.permanent
                        if permanent:
                            moved_to = _spelled(target)
        except _BadAddress as error:
            return Unsafe(reason=str(error))
        except HostClosed as closed:
            return NoAnswer(reason=closed.reason, retry_after=closed.remaining, asked=closed.down)

    def pace(self, where: HostPort, gap: timedelta, life: timedelta) -> None:
        """Visit this host no more often than every `gap`, for `life`: it asked for that."""
        self._gate.pace(where, gap, life)

    def _with_move(self, result: FetchResult, where: HostPort, moved_to: str | None) -> FetchResult:
        match result:
            case Body():
                return Body(url=result.url, headers=result.headers, content=result.content, moved_to=moved_to)
            case NotModified():
                return NotModified(headers=result.headers, moved_to=moved_to)
            case Declined(status=429 | 503, retry_after=timedelta() as span):
                self._gate.close(where, span, result.reason, down=False)
                return result
            case _:
                return result

    async def _step(
        self,
        target: _Target,
        request: Mapping[str, str],
        conditional: bool,
        allow: frozenset[HostPort],
        limits: Limits,
        spent: float,
    ) -> FetchResult | _Redirect:
        """One request. Every failure of the network becomes a value here."""
        host, _ = target.where
        exempt = target.where in allow
        if not exempt and _is_number(host) and not is_public(host):
            return Unsafe(reason=strings.fetching.PRIVATE)
        session = self._exempt if exempt else self._public
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=limits.connect.total_seconds(),
            sock_read=limits.read.total_seconds(),
            ceil_threshold=float("inf"),
        )
        sent = {**request, **target.credentials}
        answered = False
        try:
            async with (
                asyncio.timeout(max(0.0, limits.total.total_seconds() - spent)),
                session.get(target.url, headers=sent, timeout=timeout, allow_redirects=False) as response,
            ):
                answered = True
                return await self._read(response, conditional, limits)
        except aiohttp.ConnectionTimeoutError:
            return self._unreachable(target, strings.fetching.no_answer_within(limits.connect))
        except aiohttp.SocketTimeoutError:
            said = strings.fetching.stopped_answering if answered else strings.fetching.no_answer_within
            return NoAnswer(reason=said(limits.read))
        except TimeoutError:
            if answered:
                return NoAnswer(reason=strings.fetching.not_complete_after(limits.total))
            return NoAnswer(reason=strings.fetching.no_answer_within(limits.total))
        except BadBody as error:
            return NoAnswer(reason=str(error))
        except aiohttp.ClientConnectorError as error:
            if _leads_inside(error):
                return Unsafe(reason=strings.fetching.PRIVATE)
            return self._unreachable(target, _connect_words(error))
        except aiohttp.InvalidURL:
            return Unsafe(reason=strings.fetching.NO_USABLE_ADDRESS)
        except aiohttp.ClientResponseError:
            return NoAnswer(reason=strings.fetching.NO_PROPER_HTTP)
        except (aiohttp.ClientError, OSError):
            return NoAnswer(reason=strings.fetching.BROKE_OFF)
        except ValueError:  # yarl and aiohttp refuse some hosts late
            return Unsafe(reason=strings.fetching.NO_USABLE_ADDRESS)

    async def _read(
        self, response: aiohttp.ClientResponse, conditional: bool, limits: Limits
    ) -> FetchResult | _Redirect:
        status = response.status
        kept = {name: "\n".join(values) for name in KEPT_HEADERS if (values := response.headers.getall(name, ()))}
        if status in (200, 203):
            try:
                reader = BodyReader(response.headers.get("Content-Encoding", ""), limits.body, cut=limits.cut)
                async for chunk in response.content.iter_any():
                    reader.write(chunk)
                    if reader.full:
                        break
                return Body(url=str(response.url), headers=kept, content=reader.finish())
            finally:
                response.close()
        response.close()
        if status == 304 and conditional:
            return NotModified(headers=kept)
        if status in _REDIRECTS and (location := response.headers.get("Location")):
            return _Redirect(location, status in _PERMANENT)
        return Declined(
            status=status,
            reason=strings.fetching.status(status),
            retry_after=header.retry_after(response.headers.get("Retry-After"), self._clock.now()),
        )

    def _unreachable(self, target: _Target, reason: str) -> NoAnswer:
        self._gate.close(target.where, UNREACHABLE_REST, reason, down=True)
        return NoAnswer(reason=reason)


def _version() -> str:
    try:
        return importlib.metadata.version("slugline")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that was not installed
        return "dev"


def _target(url: str, base: URL | None = None) -> _Target:
    if len(url) > LONGEST_ADDRESS:
        raise _BadAddress(strings.fetching.ADDRESS_TOO_LONG)
    try:
        found = URL(url.strip())
        if base is not None:
            found = base.join(found)
        if found.scheme not in ("http", "https"):
            raise _BadAddress(strings.fetching.ONLY_HTTP)
        if not found.host or not found.port:
            raise _BadAddress(strings.fetching.NO_USABLE_ADDRESS)
        bare = found.with_user(None).with_fragment(None)
    except _BadAddress:
        raise
    except ValueError as error:
        raise _BadAddress(strings.fetching.NO_USABLE_ADDRESS) from error
    return _Target(bare, found.user or "", found.password or "")


def _next(target: _Target, location: str) -> _Target:
    """Where a redirect leads: credentials go along within the origin, and are never taken from the redirect."""
    to = _target(location, base=target.url)
    if to.url.origin() == target.url.origin():
        return _Target(to.url, target.user, target.password)
    return _Target(to.url)


def _spelled(target: _Target) -> str:
    """The address to remember, with the user's own credentials where they still apply."""
    if not target.user:
        return str(target.url)
    return str(target.url.with_user(target.user).with_password(target.password or None))


def _conditions(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    given = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in given.items() if value and _repeatable(value)}


def _repeatable(value: str) -> bool:
    return len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable()


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _leads_inside(error: BaseException | None) -> bool:
    """Whether a refused socket is at the root of this; happy eyeballs and aiohttp wrap it."""
    while error is not None:
        if isinstance(error, ForbiddenAddress) or isinstance(getattr(error, "os_error", None), ForbiddenAddress):
            return True
        error = error.__cause__ or error.__context__
    return False


def _connect_words(error: aiohttp.ClientConnectorError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return strings.fetching.NO_SERVER
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _certificate_words(error.certificate_error)
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return strings.fetching.NO_SECURE_CONNECTION
    if isinstance(error.os_error, ConnectionRefusedError):
        return strings.fetching.REFUSES_CONNECTIONS
    return strings.fetching.NOT_REACHED


def _certificate_words(error: Exception) -> str:
    """By OpenSSL's verdict (X509_V_ERR_…, openssl/x509_vfy.h)."""
    match getattr(error, "verify_code", None):
        case 9:
            return strings.fetching.CERTIFICATE_EARLY
        case 10:
            return strings.fetching.CERTIFICATE_EXPIRED
        case 18:
            return strings.fetching.CERTIFICATE_OWN
        case 19 | 20 | 21:
            return strings.fetching.CERTIFICATE_UNKNOWN
        case 62 | 64:
            return strings.fetching.CERTIFICATE_NAME
        case _:
            return strings.fetching.CERTIFICATE_INVALID
