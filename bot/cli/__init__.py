"""Commands for people. The composition root: with `bot.__main__`, the only place that names adapters and feeds.

Nothing heavy is imported before a command needs it: `slugline --help` must answer at once.
"""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="slugline")
def slugline() -> None:
    """News about AI and people's work, explained with evidence."""
