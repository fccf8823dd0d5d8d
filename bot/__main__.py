"""`python -m bot` and the console script `slugline`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from bot.cli import slugline

    slugline()


if __name__ == "__main__":
    main()
