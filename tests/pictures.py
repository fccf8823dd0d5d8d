"""Pictures for the README: what the sample week looks like where people read it.

    python -m tests.pictures discord

writes docs/discord-digest.png: the first messages of a digest of invented news, rendered by our renderer, drawn by
simcord's preview in Chromium. Look at it before it is committed.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from io import BytesIO
from pathlib import Path

import discord
import simcord
from PIL import Image, ImageChops

from adapters.clock import SystemClock
from adapters.discord.render import Part, parts
from bot.cli.sample import sample_house
from bot.core.message.digest import digest_document
from bot.core.message.document import Document
from bot.settings import Settings

DOCS = Path(__file__).resolve().parents[1] / "docs"
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WINDOW = (1000, 4000)
CONVERSATION = (256, 126)
"""Where the preview's own bars end, in pixels of the page from the left and the top."""
COMPOSER = 160
"""Pixels at its foot where a message is written."""
MARGIN = 16
SHARP = 2
"""Device pixels a pixel."""
COLOURS = 64
PATIENCE = 60.0


async def digest_of_the_sample() -> Document:
    async with sample_house(Settings()) as sample:
        assert sample is not None
        house, schedule = sample
        return digest_document(await house.compose.now(schedule))


async def drawn(messages: list[Part], *, width: int, height: int) -> Image.Image:
    """The newest messages of a channel, as a member sees them."""
    bot = discord.Client(intents=discord.Intents(guilds=True))
    env = simcord.Env(bot)
    await env.start()
    try:
        guild = env.create_guild(name="Writers' Room")
        channel = guild.create_text_channel("ai-and-work")
        reader = guild.add_member(env.create_user("reader"))
        assert bot.user is not None
        await bot.user.edit(username="Slugline")
        await env.advance_time((SystemClock().now() - env.now()).total_seconds())
        there = bot.get_channel(channel.id)
        assert isinstance(there, discord.TextChannel)
        for message in messages:
            await there.send(view=message.view, files=message.files)
        shown = env.preview(channel, viewers=[reader], layout="channel", display="fixed", width=width, height=height)
        async with shown as preview:
            return await _photographed(preview.url)
    finally:
        await env.shutdown()


async def _photographed(url: str) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.png"
        browser = await asyncio.create_subprocess_exec(
            CHROMIUM,
            *QUIET,
            f"--user-data-dir={folder}/profile",
            f"--window-size={WINDOW[0]},{WINDOW[1]}",
            f"--force-device-scale-factor={SHARP}",
            "--virtual-time-budget=8000",
            f"--screenshot={target}",
            url,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await asyncio.wait_for(browser.wait(), PATIENCE)
        return Image.open(BytesIO(target.read_bytes())).convert("RGB")


async def discord_digest(messages: int) -> None:
    """Its first messages."""
    document = await digest_of_the_sample()
    page = await drawn(list(parts(document)[:messages]), width=760, height=WINDOW[1] - 100)
    left, top = (SHARP * edge for edge in CONVERSATION)
    conversation = page.crop((left, top, page.width, page.height - SHARP * COMPOSER))
    picture = conversation.crop(_shown(conversation))
    DOCS.mkdir(exist_ok=True)
    picture.quantize(COLOURS).save(DOCS / "discord-digest.png", optimize=True)


def _shown(conversation: Image.Image) -> tuple[int, int, int, int]:
    """What of it is not empty, with a margin."""
    empty = Image.new("RGB", conversation.size, conversation.getpixel((4, conversation.height - 4)))
    left, top, right, bottom = ImageChops.difference(conversation, empty).getbbox() or (0, 0, *conversation.size)
    return left, top, min(right + SHARP * MARGIN, conversation.width), min(bottom + SHARP * MARGIN, conversation.height)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("of", choices=["discord"])
    options.add_argument("--messages", type=int, default=1)
    chosen = options.parse_args()
    asyncio.run(discord_digest(chosen.messages))


if __name__ == "__main__":
    main()
