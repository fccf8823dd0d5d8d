"""Which network addresses may be contacted, decided on the very address a socket is about to connect to.

A feed's address, a redirect or a name server can all try to turn the poller against the network it runs in. Names
prove nothing (they re-resolve), spellings are endless (decimal, octal, mapped), so nothing here looks at them: the
connector asks for every socket, after resolution, and no second resolution follows. What is not plainly a public
unicast address is refused. Sources: the IANA special-purpose address registries (RFC 6890 and its updates).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.core import strings

_FORBIDDEN_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared (CGNAT), with Alibaba's metadata service
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's wire server: a public number that only means something inside
        "169.254.0.0/16",  # link-local, with most clouds' metadata service
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments, with Oracle's metadata service
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out as global unicast
_FORBIDDEN_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # how an IPv6-only network reaches public IPv4 (RFC 6052)

LOOKUP_THREADS = 32


class ForbiddenAddress(OSError):
    """The address is not a public one. The message names neither it nor the host."""

    def __init__(self) -> None:
        super().__init__(strings.fetching.PRIVATE)


def is_public(address: str) -> bool:
    """Whether a numeric address is a public unicast one; False for anything that is no numeric address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None:
            return False
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(ip.packed[-4:])))
        return ip in _PUBLIC_V6 and not any(ip in network for network in _FORBIDDEN_V6)
    return not any(ip in network for network in _FORBIDDEN_V4)


def public_socket(address: tuple[Any, ...]) -> socket.socket:
    """A socket for one `getaddrinfo` entry, as aiohttp's `socket_factory`: the last gate before connect().

    Raises `ForbiddenAddress`.
    """
    family, kind, protocol, _, where = address
    if family not in (socket.AF_INET, socket.AF_INET6) or not is_public(str(where[0])):
        raise ForbiddenAddress
    return socket.socket(family, kind, protocol)


class PublicResolver(AbstractResolver):
    """Drops what is not public from another resolver's answers, so that the rest can still be tried."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if found and not public:
            raise ForbiddenAddress
        return public

    async def close(self) -> None:
        """The inner resolver belongs to whoever made it."""


class SystemResolver(AbstractResolver):
    """The system's own lookup in threads of its own: a dead name server holds up neither the loop nor other work."""

    def __init__(self, threads: int = LOOKUP_THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads,
            lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG),
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=int(where[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, where in infos
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
