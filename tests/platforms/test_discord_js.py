"""A second client keeps our Discord honest: discord.js logs in there and posts, where it is installed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess

import pytest

from tests.platforms.discord_server import DiscordServer, discord_server
from tests.platforms.discord_world import TOKEN

SCRIPT = """
const { Client, GatewayIntentBits } = require('discord.js');
const { address, token, channel } = JSON.parse(process.argv[1]);
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: `http://${address}/api`, version: '10' },
});
client.on('interactionCreate', async (interaction) => {
  await interaction.reply({ content: 'heard', withResponse: true });
  await client.destroy();
  process.exit(0);
});
client.once('clientReady', async () => {
  const found = await client.channels.fetch(channel);
  const sent = await found.send({ content: `from ${client.guilds.cache.size} server`, nonce: '7', enforceNonce: true });
  await sent.edit('edited');
  console.log(JSON.stringify({ user: client.user.username, message: sent.id }));
});
client.login(token);
"""


@pytest.fixture
def node() -> str:
    """Where discord.js can be required; NODE_PATH says where it is, if it is anywhere."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    if subprocess.run([found, "-e", "require('discord.js')"], capture_output=True, check=False).returncode:
        pytest.skip("discord.js is not installed")
    return found


async def test_discord_js_logs_in_posts_edits_and_answers(node: str) -> None:
    async with discord_server(DiscordServer) as server:
        channel = server.world.channel(server.world.guild())
        said = json.dumps({"address": server.address, "token": TOKEN, "channel": str(channel.id)})
        process = await asyncio.create_subprocess_exec(
            node, "-e", SCRIPT, said, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
        )
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), 20)
            heard = json.loads(line)
            assert heard["user"] == "slugline"
            assert [each["content"] for each in channel.messages.values()] == ["edited"]
            asked = await server.slash("help", {}, channel)
            assert (await asked.acknowledged())["data"]["content"] == "heard"
            assert await asyncio.wait_for(process.wait(), 20) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
