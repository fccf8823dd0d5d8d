"""The editor's desk."""

from __future__ import annotations

from collections.abc import Sequence

SECTIONS = {
    "headline": "Headline",
    "deck": "Deck",
    "story": "Story",
    "why": "Why This Matters",
    "background": "Background",
    "perspectives": "Key Perspectives",
    "watch": "What to Watch",
}
"""By `Section`'s values."""
ACTIONS = {
    "opened": "came in for review",
    "approved": "approved",
    "edited": "edited",
    "cut": "cut",
    "dropped": "dropped",
    "brought back": "brought back",
    "merged": "told together with another",
    "split": "told without an article",
    "added": "told with one more article",
    "assigned": "assigned",
    "rejected": "rejected",
    "released": "released for posting",
    "emptied": "not posted, as every story of it was dropped",
    "timed out": "posted without approval, as its time was out",
    "source changed": "told anew, as a source changed",
    "corrected": "corrected after it was posted",
}
"""By `Action`'s values."""

# --- cards -----------------------------------------------------------------------------------------------------

FOR_REVIEW = "For review"
DIGEST, SCHEDULE, WAITS_UNTIL = "Digest", "Schedule", "Waits"
FOR_EVER = "until an editor decides"
UNTIL = "until "
THEN_UNREVIEWED = "; then it is posted and says that no editor reviewed it"
APPROVERS = "Approved by"
FLAGS = "To look at"
NO_FLAGS = "Nothing stands out."
STATE, ASSIGNED_TO, SOURCES = "State", "Assigned to", "Sources"
NOBODY = "nobody"
WHAT_CHANGED = "What changed since it was last reviewed"
ONLY_NEW = "It was told before. Only what is new is posted, as it then stands in the draft:"
NEW, GONE = "New: ", "Gone: "
NEW_OUTLETS = "Heard for the first time: "
BY_EDITOR = " (an editor's words)"
WAS_CUT = " (cut)"
OUTLET_WROTE = "The outlet's sentence: "
CITES_NOTHING = "It cites nothing."
EVIDENCE_OF = "What it stands on"
NOTHING_WAITS = "Nothing waits for review."
NO_HISTORY = "Nothing was done yet."
WHICH_PART = "Which part?"
WHICH_SENTENCE = "Which sentence shall go?"
WHY_REJECT = "Why"
REJECT_HINT = "for the record; not posted"
SLUGLINE = "Slugline"

# --- buttons ---------------------------------------------------------------------------------------------------

READ, APPROVE, EDIT, EVIDENCE, CUT, DROP = "Read", "Approve", "Edit", "Evidence", "Cut …", "Drop"
ASSIGN_ME, APPROVE_ALL, REJECT, HISTORY, SAVE = "Assign to me", "Approve all", "Reject", "History", "Save"

# --- settings --------------------------------------------------------------------------------------------------

REVIEW_PLACE, REVIEW_APPROVERS, REVIEW_TIME = "Review goes to", "Editors who approve", "Time for review"
WHERE_NOTICES_GO = "where notices go"
HOLDS = "a draft waits for an editor, however long"


def one_each(approvers: int) -> str:
    return "one editor" if approvers == 1 else f"{approvers} different editors"


def patience(hours: str) -> str:
    return f"after {hours} it is posted, and says that no editor reviewed it"


def joined(names: Sequence[str]) -> str:
    """As in a byline: "Ann", "Ann and Bea", "Ann, Bea and Cy"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def part(section: str, number: int) -> str:
    return f"{SECTIONS[section].lower()}, sentence {number}"


def draft_named(number: int, headline: str) -> str:
    return f"Draft {number}: {headline}"


def draft_number(number: int) -> str:
    return f"draft {number}"


def digest_number(number: int) -> str:
    return f"digest {number}"


HOW_TO_REVIEW = (
    "Editors see it with `review list`. `settings set review here`, said where only editors read, brings such drafts"
    " there by themselves."
)


def waits_for_an_editor(title: str, stories: int) -> str:
    return f"{title}: {stories} {'story waits' if stories == 1 else 'stories wait'} for an editor"


def card_title(title: str) -> str:
    return f"{FOR_REVIEW}: {title}"


def card_closed(title: str, *, posted: bool) -> str:
    """Heads the card of a digest that was decided about."""
    return f"{'Reviewed and on its way' if posted else 'Not posted'}: {title}"


def card_summary(title: str, stories: int) -> str:
    return f"{FOR_REVIEW}: {title}, {stories} {'story' if stories == 1 else 'stories'}"


def state(approvals: Sequence[str], approvers: int, *, dropped: bool) -> str:
    if dropped:
        return "dropped"
    by = f" by {joined(approvals)}" if approvals else ""
    if len(approvals) >= approvers:
        return f"approved{by}"
    if approvals:
        return f"approved{by}; {approvers - len(approvals)} more to come"
    return "under review"


# --- flags -----------------------------------------------------------------------------------------------------


def one_source(outlet: str) -> str:
    return f"One source only: {outlet}"


def ungrounded(text: str, reasons: Sequence[str], *, doubtful: bool, by_editor: bool) -> str:
    kind = "Doubtful" if doubtful else "Not borne out by its sources"
    whose = ", as edited" if by_editor else ""
    return f"{kind}{whose}: “{text}” ({'; '.join(reasons)})"


def named_persons(names: Sequence[str]) -> str:
    return f"Names people: {', '.join(names)}"


def allegation(text: str, word: str) -> str:
    return f"Legal allegation ({word}): “{text}”"


def reserved(outlets: Sequence[str]) -> str:
    return f"Linked by title only, nobody here read it: {', '.join(outlets)}"


# --- what was done ---------------------------------------------------------------------------------------------


def approved(number: int, missing: int) -> str:
    if missing > 0:
        return f"Draft {number} is approved by you; it takes {missing} more"
    return f"Draft {number} is approved"


def all_approved(number: int, count: int, missing: int) -> str:
    stories = f"{count} {'story' if count == 1 else 'stories'}"
    if missing > 0:
        return f"{stories} of digest {number} approved by you; {missing} still {'waits' if missing == 1 else 'wait'}"
    return f"{stories} of digest {number} approved"


def was_edited(number: int) -> str:
    return f"Draft {number} is edited"


def same(number: int) -> str:
    return f"Draft {number} says just that already"


APPROVE_AGAIN = "Approvals of the text before do not count any more."


def was_cut(number: int, text: str) -> str:
    return f"Cut from draft {number}: “{text}”"


def was_dropped(number: int) -> str:
    return f"Draft {number} is dropped"


def was_assigned(number: int, name: str | None) -> str:
    return f"Draft {number} is assigned to {name}" if name else f"Draft {number} is assigned to nobody"


def was_rejected(number: int) -> str:
    return f"Digest {number} is rejected and will not be posted"


def on_its_way(number: int) -> str:
    return f"Digest {number} is on its way."


def nothing_left(number: int) -> str:
    return f"Every story of digest {number} was dropped, so nothing is posted."


def still_waits(number: int, drafts: Sequence[int]) -> str:
    listed = ", ".join(map(str, drafts))
    return f"Digest {number} waits for draft{'s' * (len(drafts) != 1)} {listed}."


def overtaken(number: int) -> str:
    return f"Somebody changed draft {number} since you saw it"


def digest_overtaken(number: int) -> str:
    return f"Somebody changed a draft of digest {number} since you saw it"


OVERTAKEN_MEANS = "Nothing of yours was saved. This is how it stands now:"
YOU_WROTE = "You wrote: "


def edit_title(number: int, section: str) -> str:
    return f"{SECTIONS[section]} of draft {number}"[:24]


def sentence_label(number: int) -> str:
    return f"Sentence {number}"


def history_of(number: int | None) -> str:
    return "What was done at the editor's desk" if number is None else f"What was done with draft {number}"


def because(reason: str) -> str:
    return f"Reason: {reason}"


def part_of(section: str, number: int, of: int) -> str:
    """A button for a section that takes more than one form."""
    return f"{SECTIONS[section]} {number}/{of}" if of > 1 else SECTIONS[section]


def stored(count: int) -> str:
    return f"Your name beside {count} {'entry' if count == 1 else 'entries'} in `review history`."


SOMEBODY = "somebody whose data was deleted"


def assigned_to(name: str) -> str:
    return f"assigned to {name}"


def to_whom(name: str | None) -> str:
    return f"to {name or NOBODY}"


MERGE, SPLIT, SAME_TELLING = "Tell with …", "Without …", "The telling is the same"
WHICH_OTHER = "Which story shall be told with it?"
WHICH_ARTICLE = "Which article shall go?"
TELL_AGAIN = "It is told anew, and is under review as such. Edits of sentences that are still there stay."
LONG = "Telling it anew …"


def was_merged(number: int, other: int, new: int) -> str:
    return f"Drafts {number} and {other} are one story now: draft {new}"


def was_split(number: int, outlet: str, new: int) -> str:
    return f"Draft {number} is told without {outlet} now: draft {new}"


def was_added(number: int, outlet: str, new: int) -> str:
    return f"Draft {number} is told with {outlet} now: draft {new}"


def article_line(number: int, outlet: str, title: str) -> str:
    return f"{number}: {outlet}: {title}"


def named_draft(number: int, headline: str) -> str:
    return f"draft {number}, {headline}"
