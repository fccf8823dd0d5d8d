"""`python -m tests.platforms.launch …` is `python -m bot …` in a process that finds Discord where the test says."""

from __future__ import annotations

import os

from bot.__main__ import main
from tests.forks import DISCORD
from tests.platforms.discord_server import pointed_at

if __name__ == "__main__":
    with pointed_at(os.environ.pop(DISCORD)):
        main()
