"""What every document may have, and words that stand everywhere."""

from __future__ import annotations

NAME = "Slugline"
LANGUAGE = "en"
"""As HTML names it, BCP 47."""

EARLIER_PAGE = "Previous page"
LATER_PAGE = "Next page"


def page_of(number: int, of: int) -> str:
    return f"Page {number} of {of}"


def picture(alt: str) -> str:
    return f"[Picture: {alt}]"


def file_line(number: int, name: str, size: int) -> str:
    return f"File {number}: {name}, {size} bytes"


# --- what cannot be done -------------------------------------------------------------------------------------


def name_like_number(said: str) -> str:
    return f"{said!r:.40} would be taken for a number; a name has a letter in it"
