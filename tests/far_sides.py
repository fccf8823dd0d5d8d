"""The platforms that the fault suite runs over: see `tests.far_side`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.app.loopback import LIMITS, NO_LIMITS, LoopbackSide
from tests.far_side import Factory, FarSide, Knows
from tests.platforms.discord_far_side import discord
from tests.platforms.slack_far_side import slack


@contextmanager
def loopback(folder: Path, knows: Knows, pace: float | None) -> Iterator[FarSide]:
    """The worst of Discord and Slack, in a file."""
    yield LoopbackSide(folder, knows, limits=NO_LIMITS if pace is None else LIMITS)


FAR_SIDES: Mapping[str, Factory] = {"loopback": loopback, "slack": slack, "discord": discord}
