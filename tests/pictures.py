"""Pictures for the README: what the sample week looks like where people read it.

    python -m tests.pictures discord
    python -m tests.pictures slack

write docs/discord-digest.png and docs/slack-digest.png: the first messages of a digest of invented news, rendered by
our renderers, drawn in Chromium by simcord's preview and by slack-blocks-to-jsx (which npm installs into a temporary
folder). Look at them before they are committed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import discord
import simcord
from PIL import Image, ImageChops

from adapters.clock import SystemClock
from adapters.discord.render import Part, parts
from adapters.slack import render as slack
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
SLACK_COLOURS = 24
PATIENCE = 60.0

SLACK_PAGE = Path(__file__).with_name("slack_page.mjs")
SLACK_PACKAGES = ("slack-blocks-to-jsx@1.1.1", "react@19", "react-dom@19")
SLACK_LOGO = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36'><rect width='36' height='36' rx='4'"
    " fill='%23222a38'/><text x='18' y='25' font-family='serif' font-size='20' font-weight='bold' fill='white'"
    " text-anchor='middle'>S</text></svg>"
)


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


async def slack_digest(messages: int) -> None:
    """Its first messages: the one that is posted, and those in its thread."""
    found = slack.parts(await digest_of_the_sample())[:messages]
    at = SystemClock().now().isoformat()
    page = {
        "name": "Slugline",
        "logo": SLACK_LOGO,
        "messages": [{"at": at, "blocks": _marked_up(list(part.blocks))} for part in found],
    }
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(SLACK_PAGE, folder)
        await _run("npm", "install", "--no-audit", "--no-fund", *SLACK_PACKAGES, folder=folder)
        html = Path(folder) / "page.html"
        html.write_bytes(await _run("node", SLACK_PAGE.name, folder=folder, said=json.dumps(page).encode()))
        conversation = await _photographed(html.as_uri())
    left, top, right, bottom = _shown(conversation)
    picture = conversation.crop((max(0, left - SHARP * MARGIN), max(0, top - SHARP * MARGIN), right, bottom))
    DOCS.mkdir(exist_ok=True)
    picture.quantize(SLACK_COLOURS).save(DOCS / "slack-digest.png", optimize=True)


def _marked_up(value: Any) -> Any:
    """Without `verbatim`, which keeps Slack from making links of plain text and slack-blocks-to-jsx from all markup."""
    if isinstance(value, dict):
        return {name: _marked_up(each) for name, each in value.items() if name != "verbatim"}
    return [_marked_up(each) for each in value] if isinstance(value, list) else value


async def _run(*command: str, folder: str, said: bytes = b"") -> bytes:
    """What it prints. Raises RuntimeError where it fails."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(process.communicate(said), 4 * PATIENCE)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} failed")
    return printed


def _shown(conversation: Image.Image) -> tuple[int, int, int, int]:
    """What of it is not empty, with a margin."""
    empty = Image.new("RGB", conversation.size, conversation.getpixel((4, conversation.height - 4)))
    left, top, right, bottom = ImageChops.difference(conversation, empty).getbbox() or (0, 0, *conversation.size)
    return left, top, min(right + SHARP * MARGIN, conversation.width), min(bottom + SHARP * MARGIN, conversation.height)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("of", choices=["discord", "slack"])
    options.add_argument("--messages", type=int, default=1)
    chosen = options.parse_args()
    asyncio.run({"discord": discord_digest, "slack": slack_digest}[chosen.of](chosen.messages))


if __name__ == "__main__":
    main()
