"""Time zones by the names that people type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core import strings
from bot.core.command.suggestion import did_you_mean
from bot.core.errors import InputError

# Letters on a clock are no zone: most are used in several parts of the world, and those that the zone database has
# (EST, MST, HST) know no summer time, which is hardly ever what was meant.
_LETTERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "acst": ("Australia/Adelaide", "Australia/Darwin"),
        "aest": ("Australia/Sydney", "Australia/Brisbane"),
        "aedt": ("Australia/Sydney", "Australia/Melbourne"),
        "ast": ("America/Halifax",),
        "awst": ("Australia/Perth",),
        "bst": ("Europe/London",),
        "cdt": ("America/Chicago",),
        "cest": ("Europe/Paris", "Europe/Berlin"),
        "cet": ("Europe/Paris", "Europe/Berlin"),
        "cst": ("America/Chicago", "Asia/Shanghai"),
        "ct": ("America/Chicago",),
        "edt": ("America/New_York",),
        "eest": ("Europe/Athens", "Europe/Helsinki"),
        "eet": ("Europe/Athens", "Europe/Helsinki"),
        "est": ("America/New_York",),
        "et": ("America/New_York",),
        "hst": ("Pacific/Honolulu",),
        "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
        "jst": ("Asia/Tokyo",),
        "kst": ("Asia/Seoul",),
        "mdt": ("America/Denver",),
        "msk": ("Europe/Moscow",),
        "mst": ("America/Denver", "America/Phoenix"),
        "mt": ("America/Denver",),
        "nzdt": ("Pacific/Auckland",),
        "nzst": ("Pacific/Auckland",),
        "pdt": ("America/Los_Angeles",),
        "pst": ("America/Los_Angeles",),
        "pt": ("America/Los_Angeles",),
        "sast": ("Africa/Johannesburg",),
        "wet": ("Europe/Lisbon",),
    }
)
_PLACES = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


@lru_cache(maxsize=1)
def zone_names() -> Sequence[str]:
    """UTC and every zone that is called after a place, in order: what can be chosen."""
    listed = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return ("UTC", *sorted(name for name in listed if name.startswith(_PLACES)))


def zone_named(typed: str) -> str:
    """The zone's own name, for one that was typed in whatever case, or by its city alone where only one place is
    called so. Raises InputError for anything else, with what may have been meant."""
    wanted = _fold(typed)
    if wanted in _LETTERS:
        raise InputError(strings.times.letters_are_no_zone(typed, _LETTERS[wanted]))
    by_name = {_fold(name): name for name in zone_names()}
    if found := by_name.get(wanted):
        return found
    cities = [name for name in zone_names() if _fold(name.rpartition("/")[2]) == wanted]
    if len(cities) == 1:
        return cities[0]
    if cities:
        raise InputError(strings.times.no_zone(typed, strings.times.either_of(cities)))
    if "/" in typed:
        known: Mapping[str, str] = {name: name for name in zone_names()}
    else:
        known = {name.rpartition("/")[2].replace("_", " "): name for name in zone_names()}
    hint = did_you_mean(typed.replace("_", " ") if "/" not in typed else typed, known)
    raise InputError(strings.times.no_zone(typed, hint))


def zone_of(name: str) -> ZoneInfo:
    """Of a name that a setting or a schedule has. Raises InputError where this machine knows no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(strings.times.no_zone(name, "")) from None


def zones_like(typed: str) -> Sequence[str]:
    """For completion: those whose name or city begins with it, then those that hold it."""
    wanted = _fold(typed)
    begun, held = [], []
    for name in zone_names():
        folded = _fold(name)
        if folded.startswith(wanted) or folded.rpartition("/")[2].startswith(wanted):
            begun.append(name)
        elif wanted in folded:
            held.append(name)
    return [*begun, *held]


def _fold(name: str) -> str:
    return "_".join(name.replace("_", " ").split()).casefold()
