"""Everything that a command of the program may import, imported: see `tests.forks`.

All but onnxruntime, which writes to the home directory and starts threads; no fork should inherit either.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

import adapters
import bot
import feeds

for package in (bot, adapters, feeds):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.startswith("adapters.storage.migrations.") and not module.name.endswith("__main__"):
            import_module(module.name)
import_module("tests.app.newsroom")
