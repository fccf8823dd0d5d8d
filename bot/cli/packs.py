"""The shipped packs, read from the package's data."""

from __future__ import annotations

from importlib.resources import files

from bot.core.watch.pack import Packs
from bot.core.watch.pack_file import parse

_PLACES = "places.toml"


def packs() -> Packs:
    """Raises InputError where a packaged file is wrong: a broken installation."""
    found = sorted(files("bot.data").joinpath("packs").iterdir(), key=lambda file: file.name)
    texts = {file.name: file.read_text("utf-8") for file in found if file.name.endswith(".toml")}
    places = texts.pop(_PLACES)
    return parse(texts, places)
