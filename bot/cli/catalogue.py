"""The shipped catalogue of feeds and outlets, read from the package's data."""

from __future__ import annotations

from importlib.resources import files

from bot.core.catalogue import Catalogue, load


def catalogue() -> Catalogue:
    """Raises InputError where the packaged tables are wrong: a broken installation."""
    data = files("bot.data")
    return load(data.joinpath("outlets.csv").read_bytes(), data.joinpath("catalogue.csv").read_bytes())
