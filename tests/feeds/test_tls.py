"""Certificates: a server that cannot prove its name is not read, and the feed's state says why."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.core.cadence import next_visit
from bot.core.feed import Feed, FeedId, FeedState, Fetched, Outlet, Visit
from feeds.crew import Crew
from feeds.fetch import Fetcher
from feeds.host_gate import HostGate
from feeds.visit import WebFeedReader, feed_crew
from tests.feeds.loopback import NOW, FixedClock, Server, answer

RSS = b"""<rss version="2.0"><channel><title>The Invented Herald</title>
<item><guid>1</guid><title>Guild votes yes</title></item></channel></rss>"""
LONG_AGO = NOW - timedelta(days=3650)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@asynccontextmanager
async def serving_with(certificate: trustme.LeafCert | tuple[bytes, bytes]) -> AsyncIterator[Server]:
    """A feed at `/feed` over TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if isinstance(certificate, trustme.LeafCert):
        certificate.configure_cert(context)
    else:
        chain, key = certificate
        with trustme.Blob(chain + key).tempfile() as both:
            context.load_cert_chain(both)
    server = Server("127.0.0.1", answers={"/feed": answer(RSS, headers={"Content-Type": "application/rss+xml"})})
    listener = await asyncio.start_server(server.serve, server.host, 0, ssl=context)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def own_certificate() -> tuple[bytes, bytes]:
    """A certificate that its server made itself, and the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(LONG_AGO)
        .not_valid_after(NOW + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def feed_at(server: Server) -> Feed:
    return Feed(id=FeedId(1), url=f"https://127.0.0.1:{server.port}/feed", outlet=Outlet(name="Herald"), trusted=True)


async def visit(server: Server, crew: Crew, trusting: trustme.CA | None) -> Visit:
    context: ssl.SSLContext | None = None
    if trusting is not None:
        context = ssl.create_default_context()
        trusting.configure_trust(context)
    clock = FixedClock()
    async with Fetcher(clock, gate=HostGate(timedelta(0)), tls=context) as fetcher:
        return await WebFeedReader(fetcher, crew, clock, allow=frozenset({server.where})).visit(feed_at(server))


async def test_a_valid_certificate_is_believed(authority: trustme.CA) -> None:
    async with feed_crew(size=1) as crew, serving_with(authority.issue_cert("127.0.0.1")) as server:
        assert isinstance(await visit(server, crew, authority), Fetched)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("expired", "the server's certificate has expired"),
        ("not valid yet", "the server's certificate is not valid yet"),
        ("for another host", "the server's certificate is made out for another name"),
        ("from an unknown authority", "the server's certificate is from nobody we know"),
        ("self-signed", "the server made its certificate itself"),
    ],
)
async def test_a_wrong_certificate_is_told_in_plain_words_and_nothing_is_fetched(
    authority: trustme.CA, wrong: str, words: str
) -> None:
    certificate: trustme.LeafCert | tuple[bytes, bytes]
    match wrong:
        case "expired":
            certificate = authority.issue_cert(
                "127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO + timedelta(days=90)
            )
        case "not valid yet":
            later = NOW + timedelta(days=36500)
            certificate = authority.issue_cert("127.0.0.1", not_before=later, not_after=later + timedelta(days=90))
        case "for another host":
            certificate = authority.issue_cert("news.example", "127.0.0.2")
        case "from an unknown authority":
            certificate = trustme.CA().issue_cert("127.0.0.1")
        case _:
            certificate = own_certificate()
    async with feed_crew(size=1) as crew, serving_with(certificate) as server:
        found = await visit(server, crew, authority)
        record = next_visit(feed_at(server), found, False, NOW, 0.5)
    assert (record.health.state, record.health.error) == (FeedState.FAILING, words)
    assert server.requests == [], "not one byte of a request was sent"


async def test_by_default_the_systems_authorities_are_believed_and_no_other(authority: trustme.CA) -> None:
    async with feed_crew(size=1) as crew, serving_with(authority.issue_cert("127.0.0.1")) as server:
        found = await visit(server, crew, trusting=None)
        record = next_visit(feed_at(server), found, False, NOW, 0.5)
    assert (record.health.state, server.requests) == (FeedState.FAILING, [])


@pytest.mark.parametrize("lax", ["no verification", "any name"])
def test_no_fetcher_can_be_made_that_believes_anybody(lax: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    if lax == "no verification":
        context.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="always verifies"):
        Fetcher(FixedClock(), tls=context)
