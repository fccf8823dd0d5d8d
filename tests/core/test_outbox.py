"""What is decided of a delivery: whose turn it is, what it needs next, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.community_settings import CommunitySettings
from bot.core.delivery import (
    Deferred,
    DeliveryId,
    DeliveryState,
    Failed,
    Refused,
    Unsure,
    WhenUncertain,
)
from bot.core.outbox import (
    ATTEMPTS,
    PART_ID_LIMIT,
    Abilities,
    Change,
    Closing,
    Empty,
    FindOut,
    Finished,
    Head,
    OpenPart,
    Priority,
    Rest,
    Send,
    Shown,
    Standing,
    Take,
    Uncertain,
    about_open,
    after,
    finished,
    in_doubt,
    next_step,
    opening_of,
    part_id,
    standing,
    whose_turn,
    worn_out,
)
from tests.factories import NOON

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
KEY = Abilities(remembers=3 * MINUTE)
READ = Abilities(reads_back=True)
NEITHER = Abilities()
LEAVE, REPEAT = WhenUncertain.LEAVE, WhenUncertain.REPEAT
OPEN = OpenPart(part=0, revision=1, since=NOON)


def turn(*heads: Head, paused: str | None = None, community: CommunitySettings | None = None) -> Take | Rest:
    return whose_turn(heads, now=NOON, paused=paused, community=community or CommunitySettings(), wall_clock=NOON)


def head(number: int, priority: Priority = Priority.DIGEST, **fields: object) -> Head:
    return Head(delivery=DeliveryId(number), priority=priority, **fields)  # type: ignore[arg-type]


def test_alerts_go_before_digests_and_digests_before_notices() -> None:
    notice, digest, alert = head(1, Priority.NOTICE), head(2), head(3, Priority.ALERT)
    assert turn(notice, digest, alert) == Take(DeliveryId(3))
    assert turn(notice, digest) == Take(DeliveryId(2))
    assert turn(notice) == Take(DeliveryId(1))
    assert turn() == Rest(None)


def test_what_is_put_off_holds_up_its_own_kind_only() -> None:
    late = head(1, Priority.ALERT, not_before=NOON + HOUR)
    assert turn(late, head(2)) == Take(DeliveryId(2))
    assert turn(late) == Rest(NOON + HOUR)
    assert turn(late, head(2, not_before=NOON + MINUTE)) == Rest(NOON + MINUTE)
    assert turn(head(1, not_before=NOON)) == Take(DeliveryId(1))


def test_a_paused_destination_rests_until_somebody_lifts_it_and_a_paused_community_is_looked_at_again() -> None:
    assert turn(head(1), paused="no such channel") == Rest(None, "no such channel")
    resting = turn(head(1), community=CommunitySettings(paused=True))
    assert isinstance(resting, Rest)
    assert resting.until == NOON + MINUTE


@given(
    wanted=st.integers(1, 6),
    revision=st.integers(1, 3),
    shown=st.dictionaries(st.integers(0, 8), st.integers(1, 3), max_size=8),
)
def test_the_steps_lead_to_every_part_shown_once_in_order_in_the_newest_revision(
    wanted: int, revision: int, shown: dict[int, int]
) -> None:
    now = {part: Shown(message=f"m{part}", revision=min(old, revision)) for part, old in shown.items()}
    sent: list[int] = []
    changed: set[int] = set()
    for _ in range(20):
        step = next_step(wanted=wanted, revision=revision, shown=now, open_part=None)
        match step:
            case Send(part=part):
                assert part not in now
                sent.append(part)
                now[part] = Shown(message=f"m{part}", revision=revision)
            case Change(part=part, message=message) | Empty(part=part, message=message):
                assert (message, part in changed) == (f"m{part}", False)
                assert isinstance(step, Empty) == (part >= wanted)
                changed.add(part)
                now[part] = Shown(message=message, revision=revision)
            case _:
                break
    assert step == Finished()
    assert sent == sorted(sent)
    assert set(range(wanted)) <= now.keys()
    assert {each.revision for each in now.values()} == {revision}


def test_a_part_that_was_refused_is_neither_sent_again_nor_edited_and_leads_nothing() -> None:
    refused, posted = Shown(message="", revision=1, refused="too long"), Shown(message="m1", revision=1)
    shown = {0: refused, 1: posted}
    assert next_step(wanted=3, revision=1, shown=shown, open_part=None) == Send(2)
    assert next_step(wanted=2, revision=2, shown=shown, open_part=None) == Change(1, "m1")
    assert next_step(wanted=1, revision=2, shown={0: refused}, open_part=None) == Finished()
    assert opening_of(shown) == posted
    assert opening_of({0: refused}) is None


def test_one_of_whose_parts_some_were_refused_is_sent_all_the_same_and_told_of_once() -> None:
    refused, posted = Shown(message="", revision=1, refused="too long"), Shown(message="m1", revision=1)
    partly = Closing(state=DeliveryState.SENT, reason="1 of 2 parts refused: too long", tells=True)
    assert finished({0: posted, 1: refused}, further=True) == partly
    assert not finished({0: posted, 1: refused}, further=False).tells, "messages were edited, and that is all"
    none = Closing(state=DeliveryState.REJECTED, reason="too long", tells=True)
    assert finished({0: refused, 1: refused}, further=True) == none
    assert finished({0: posted}, further=True, remark="as it was") == Closing(
        state=DeliveryState.SENT, reason="as it was"
    )


def test_an_open_part_is_found_out_about_before_anything_else() -> None:
    shown = {0: Shown(message="m0", revision=1)}
    assert next_step(wanted=3, revision=2, shown=shown, open_part=OPEN) == FindOut(OPEN)


@pytest.mark.parametrize(
    ("can", "passed", "policy", "how"),
    [
        (KEY, MINUTE, LEAVE, Uncertain.SEND_AGAIN),
        (KEY, 3 * MINUTE, LEAVE, Uncertain.LEAVE),
        (KEY, 3 * MINUTE, REPEAT, Uncertain.SEND_AGAIN),
        (READ, HOUR, LEAVE, Uncertain.LOOK),
        (READ, HOUR, REPEAT, Uncertain.LOOK),
        (NEITHER, timedelta(0), LEAVE, Uncertain.LEAVE),
        (NEITHER, timedelta(0), REPEAT, Uncertain.SEND_AGAIN),
        (Abilities(repeats=True), HOUR, LEAVE, Uncertain.SEND_AGAIN),
    ],
)
def test_an_open_part_is_sent_again_only_where_that_cannot_post_it_twice_or_was_wished_for(
    can: Abilities, passed: timedelta, policy: WhenUncertain, how: Uncertain
) -> None:
    assert about_open(NOON, NOON + passed, can, policy) is how


def became(
    outcome: Refused | Deferred | Failed | Unsure,
    attempts: int = 1,
    can: Abilities = KEY,
    policy: WhenUncertain = LEAVE,
) -> Closing:
    return after(outcome, attempts=attempts, now=NOON, jitter=0, can=can, policy=policy)


def test_a_refused_message_is_set_aside_and_a_place_that_is_gone_pauses_with_the_message_kept() -> None:
    assert became(Refused(reason="too long")) == Closing(state=DeliveryState.REJECTED, reason="too long")
    gone = became(Refused(reason="no such channel", gone=True))
    assert (gone.state, gone.pauses, gone.tells) == (DeliveryState.QUEUED, "no such channel", True)


def test_being_put_off_is_no_attempt_however_often() -> None:
    put_off = became(Deferred(until=NOON + HOUR, reason="rate limited"), attempts=500)
    assert (put_off.state, put_off.not_before, put_off.counts) == (DeliveryState.QUEUED, NOON + HOUR, False)


def test_what_fails_is_tried_for_over_an_hour_and_then_set_aside_and_told() -> None:
    spent = timedelta(0)
    for attempt in range(1, ATTEMPTS):
        again = after(Failed(reason="down"), attempts=attempt, now=NOON, jitter=1, can=KEY, policy=LEAVE)
        assert again.not_before is not None
        spent += again.not_before - NOON
    assert spent > HOUR
    last = became(Failed(reason="down"), ATTEMPTS)
    assert (last.state, last.tells) == (DeliveryState.REJECTED, True)
    assert "down" in (last.reason or "")


def test_what_may_have_been_posted_is_found_out_about_where_that_is_possible() -> None:
    for can in (KEY, READ, Abilities(repeats=True)):
        later = became(Unsure(reason="no answer"), can=can)
        assert (later.state, later.open) == (DeliveryState.QUEUED, True)
        assert became(Unsure(reason="no answer"), ATTEMPTS, can).state is DeliveryState.UNCERTAIN
    assert became(Unsure(reason="no answer"), can=NEITHER, policy=REPEAT).state is DeliveryState.QUEUED
    left = became(Unsure(reason="no answer"), can=NEITHER)
    assert (left.state, left.tells, left.reason) == (DeliveryState.UNCERTAIN, True, "no answer")


def test_what_may_have_been_posted_before_is_never_called_refused() -> None:
    assert in_doubt(became(Refused(reason="too long"))).state is DeliveryState.UNCERTAIN
    assert in_doubt(became(Failed(reason="down"))).open


def test_a_delivery_that_ends_its_process_each_time_is_set_aside() -> None:
    assert worn_out(ATTEMPTS - 1, OPEN, None) is None
    opened, never = worn_out(ATTEMPTS, OPEN, None), worn_out(ATTEMPTS, None, "x")
    assert opened is not None
    assert never is not None
    assert (opened.state, never.state) == (DeliveryState.UNCERTAIN, DeliveryState.REJECTED)


@given(st.integers(1, 2**63 - 1), st.integers(0, 99))
def test_a_part_has_a_short_id_of_its_own(delivery: int, part: int) -> None:
    found = part_id(DeliveryId(delivery), part)
    assert len(found) <= PART_ID_LIMIT
    assert tuple(int(piece, 16) for piece in found.split("-")) == (delivery, part)


def test_people_are_told_what_holds_a_delivery() -> None:
    queued = DeliveryState.QUEUED
    assert standing(queued, not_before=None, held=False, now=NOON) is Standing.QUEUED
    assert standing(queued, not_before=NOON + HOUR, held=False, now=NOON) is Standing.DEFERRED
    assert standing(queued, not_before=NOON, held=False, now=NOON) is Standing.QUEUED
    assert standing(queued, not_before=NOON + HOUR, held=True, now=NOON) is Standing.HELD
    assert standing(DeliveryState.SENT, not_before=None, held=True, now=NOON) is Standing.SENT
