"""The sample week's files, as they ship in `bot.data`."""

from __future__ import annotations

from importlib import resources

from bot.core.sample import SampleWeek, load_week


def sample_week() -> SampleWeek:
    """Read the week. Blocks for a few milliseconds."""
    folder = resources.files("bot.data") / "sample"
    stories = {
        file.name.removesuffix(".toml"): file.read_bytes()
        for file in (folder / "stories").iterdir()
        if file.name.endswith(".toml")
    }
    return load_week((folder / "outlets.toml").read_bytes(), stories)
