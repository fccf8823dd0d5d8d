"""What cannot be done at the editor's desk."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.strings.english.review import SECTIONS, overtaken


def approved_already(draft: int) -> str:
    return f"draft {draft} is approved already, by you too"


def cut_already(draft: int, number: int) -> str:
    return f"sentence {number} of draft {draft} is cut already"


def dropped_already(draft: int) -> str:
    return f"draft {draft} is dropped already; approving it brings it back"


def no_sentence(draft: int, number: int, count: int) -> str:
    return f"draft {draft} has no sentence {number}; it goes from 1 to {count}"


def approved_by_you(draft: int, approvers: int) -> str:
    return f"you approved draft {draft} already; it takes {approvers} different people"


def no_draft(said: str) -> str:
    return f"there is no draft {said!r:.60}; `review list` shows what waits"


WHICH_SENTENCE_FOR = "say which sentence it is for: sentence:2, or section:headline"


def too_many_texts(section: str, count: int, beyond: Sequence[str]) -> str:
    return f"{SECTIONS[section]} has {count} there, so {', '.join(beyond)} is none"


def draft_waits_no_more(draft: int) -> str:
    return f"no digest waits for draft {draft} any more; `review list` shows what does"


def no_article(draft: int, number: int, count: int) -> str:
    return f"draft {draft} has no article {number}; it goes from 1 to {count}"


NOTHING_TO_TELL = "nothing of that article can be told"
ONE_TEXT = "one sentence takes one text: text"
ONE_HEADLINE = "the headline takes one text: text"


def no_such_part(draft: int, section: str) -> str:
    return f"draft {draft} has no such part of {SECTIONS[section]}"


def decided_meanwhile(digest: int) -> str:
    return f"digest {digest} was decided about at this very moment"


def nothing_to_approve(digest: int) -> str:
    return f"digest {digest} has nothing more that you could approve"


def say_what(number: int) -> str:
    return f"say what sentence {number} shall say: text:…, or `review cut` to leave it out"


def into_itself(draft: int) -> str:
    return f"draft {draft} does not go into itself"


def not_beside(draft: int, other: int) -> str:
    return f"draft {other} is in no digest with draft {draft}, so they cannot be one story"


def look_again(draft: int) -> str:
    return f"{overtaken(draft)}; look at it again"


def decided_meanwhile_so_gone(digest: int) -> str:
    return f"digest {digest} was decided about at this very moment; it does not wait any more"


def no_other_article(draft: int) -> str:
    return f"draft {draft} has no other article; `review drop {draft}` leaves the story out"


def has_that_article(draft: int) -> str:
    return f"draft {draft} has that article already"


def says_nothing(*, headline: bool) -> str:
    what = "a headline" if headline else "a sentence"
    return f"{what} has to say something; `review cut` leaves a sentence out, `review drop` the story"


def too_long(length: int, most: int, *, headline: bool) -> str:
    return f"{'a headline' if headline else 'a sentence'} has at most {most} characters; that is {length}"


def which_digest(waiting: Sequence[int]) -> str:
    return f"say which digest, such as digest:{waiting[0] if waiting else 1}; there waits {_waiting(waiting)}"


def no_digest(number: int, waiting: Sequence[int]) -> str:
    return f"no digest {number} waits for review; there waits {_waiting(waiting)}"


def _waiting(digests: Sequence[int]) -> str:
    return ", ".join(map(str, digests)) or "none"
