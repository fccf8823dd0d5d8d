"""What can go wrong, in one tree.

    SluglineError
    ├── SettingsError      a setting is wrong: key, what is wrong, what would be right
    ├── InputError         a file, line or argument a person gave
    │   └── NotAFeed
    ├── StoreError
    │   ├── SchemaTooNew   the database was written by a newer Slugline
    │   ├── StoreBusy      somebody else holds it
    │   ├── StoreAway      it cannot be reached, or went away in the middle
    │   └── StoreFull      no space left
    └── LeaseLost          another process took the work over; nothing of ours was written

Messages are one line, carry keys and never secrets. A bug is not in this tree: it stops loudly.
"""

from __future__ import annotations


class SluglineError(Exception):
    """Shown to people as it is, without a traceback."""


class SettingsError(SluglineError):
    """A setting is wrong. The process exits with 2."""

    def __init__(self, key: str, wrong: str, right: str) -> None:
        said = f"{wrong} {right[:1].upper()}{right[1:]}" if wrong.endswith("?") else f"{wrong}; {right}"
        super().__init__(f"{key}: {said}")
        self.key, self.wrong, self.right = key, wrong, right


class InputError(SluglineError):
    """Something a person handed in cannot be used."""


class NotAFeed(InputError):
    """The bytes are no feed in any format we know."""


class StoreError(SluglineError):
    """The database refused."""


class SchemaTooNew(StoreError):
    """Written by a newer Slugline; refused, untouched."""


class StoreBusy(StoreError):
    """Held by another process."""


class StoreAway(StoreError):
    """Stopped, restarting or out of reach. What was being committed may have been."""


class StoreFull(StoreError):
    """The disk, or the database's own limit, is full."""


class LeaseLost(SluglineError):
    """The lease on this piece of work ran out and another holder took it: the transaction is rolled back."""
