"""A picture of what a command prints, for the README.

    FORCE_COLOR=1 COLUMNS=84 slugline demo | python -m tests.screenshot --lines 60 > .github/digest.svg

reads a terminal's output from standard input and writes an SVG that asks no other server for anything.
"""

from __future__ import annotations

import argparse
import io
import re
import sys

from rich.console import Console
from rich.text import Text

_WEB_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def picture(output: str, *, title: str, columns: int = 84) -> str:
    """The SVG of a window with that title in which `output`, ANSI codes and all, was printed."""
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(output.rstrip("\n")), crop=False, soft_wrap=True)
    return _WEB_FONTS.sub("", console.export_svg(title=title, unique_id="slugline"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--title", default="slugline demo")
    options.add_argument("--lines", type=int, default=None, help="how many lines to show; all where not given")
    chosen = options.parse_args()
    lines = sys.stdin.read().splitlines(keepends=True)[: chosen.lines]
    sys.stdout.write(picture("".join(lines), title=chosen.title))


if __name__ == "__main__":
    main()
