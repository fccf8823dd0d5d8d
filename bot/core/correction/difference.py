"""What is different between two versions of a sentence, in few words: "400" and "40"."""

from __future__ import annotations

from difflib import SequenceMatcher

MOST_WORDS = 8
"""Of a difference that is worth naming; a longer one is another sentence."""


def difference(was: str, now: str) -> tuple[str, str] | None:
    """The words that differ, from the first to the last of them, and the next one where something was only put in or
    left out. None where that is more than half of either, or longer than `MOST_WORDS`."""
    ours, theirs = was.split(), now.split()
    steps = [step for step in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes() if step[0] != "equal"]
    if not steps:
        return None
    start, end = steps[0][1], steps[-1][2]
    other_start, other_end = steps[0][3], steps[-1][4]
    if start == end or other_start == other_end:
        if end < len(ours) and other_end < len(theirs):
            end, other_end = end + 1, other_end + 1
        elif start > 0 and other_start > 0:
            start, other_start = start - 1, other_start - 1
    lengths = ((end - start, len(ours)), (other_end - other_start, len(theirs)))
    if any(length > MOST_WORDS or 2 * length > whole for length, whole in lengths):
        return None
    return " ".join(ours[start:end]).strip(" ,;:"), " ".join(theirs[other_start:other_end]).strip(" ,;:")
