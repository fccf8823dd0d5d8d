"""`python -m tests.platforms.launch …` is `python -m bot …` in a process that finds Discord and Slack where the test
says, and else nowhere."""

from __future__ import annotations

import os

from bot.__main__ import main
from tests.forks import DISCORD, SLACK
from tests.platforms import discord_server, slack_server

if __name__ == "__main__":
    with (
        discord_server.pointed_at(os.environ.pop(DISCORD, "127.0.0.1:9")),
        slack_server.pointed_at(os.environ.pop(SLACK, "http://127.0.0.1:9/api/")),
    ):
        main()
