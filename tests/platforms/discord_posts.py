"""Posting to the Discord of our tests: a platform over real sockets, and documents whose parts are plain to see."""

from __future__ import annotations

import contextlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.pace import OwnPace, Pace
from adapters.discord.platform import DiscordPlatform
from adapters.discord.rest import open_rest
from bot.core.delivery import Destination, DestinationId
from bot.core.message.document import Document, File, Prose, Text
from tests.factories import GUILD
from tests.fakes import FakeClock
from tests.platforms.discord_server import DiscordServer
from tests.platforms.discord_world import Channel, walk


@dataclass(frozen=True, slots=True)
class Drawn:
    view: discord.ui.LayoutView
    files: Sequence[discord.File] = ()


def document(*parts: str, files: tuple[File, ...] = ()) -> Document:
    return Document(summary=parts[0], blocks=tuple(Prose((Text(part),)) for part in parts), files=files)


def draw(document_: Document) -> Sequence[Drawn]:
    """A part for every paragraph; the files go with the first."""
    drawn = []
    for number, block in enumerate(document_.blocks):
        assert isinstance(block, Prose)
        view = discord.ui.LayoutView(timeout=None)
        files = document_.files if number == 0 else ()
        said = "".join(each.text for each in block.content if isinstance(each, Text))
        view.add_item(discord.ui.TextDisplay(said))
        if files:
            items = [discord.MediaGalleryItem(f"attachment://{each.name}", description="a chart") for each in files]
            view.add_item(discord.ui.MediaGallery(*items))
        attached = [discord.File(io.BytesIO(each.content), each.name, description="a chart") for each in files]
        drawn.append(Drawn(view, attached))
    return drawn


def place(channel: Channel | int) -> Destination:
    native = channel if isinstance(channel, int) else channel.id
    return Destination(id=DestinationId(1), community=GUILD, platform="discord", address=str(native))


def said_in(channel: Channel) -> list[str]:
    """What stands in a channel, from the top."""
    return [said(channel.messages[each]) for each in sorted(channel.messages)]


def said(message: dict[str, Any]) -> str:
    return "\n".join(each["content"] for each in walk(message["components"]) if each["type"] == 10)


@contextlib.asynccontextmanager
async def posting(
    server: DiscordServer, *, clock: FakeClock | None = None, pace: Pace | None = None
) -> AsyncIterator[DiscordPlatform]:
    async with open_rest(server.token, pace or OwnPace(10_000)) as rest:
        yield DiscordPlatform(rest, draw, clock or FakeClock())
