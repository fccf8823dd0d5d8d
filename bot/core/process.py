"""A process of `slugline run`, as the others see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`holder` is the name it claims work under. It delivers to the `platforms` it names and to no other."""

    holder: str
    roles: Collection[str]
    platforms: Collection[str]
    version: str
    since: datetime


def unserved(waiting: Mapping[str, int], processes: Iterable[Process]) -> Mapping[str, int]:
    """Of deliveries that wait, by platform: those that none of these processes will ever take."""
    served = {platform for process in processes for platform in process.platforms}
    return {platform: number for platform, number in waiting.items() if number and platform not in served}
