"""`python -m bot` and the console script `slugline`."""

from __future__ import annotations


def main() -> None:
    """Run the command line. Interrupted, it exits with 130, as shells expect."""
    try:
        from bot.cli import slugline

        slugline()
    except KeyboardInterrupt:  # before a command was under way
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
