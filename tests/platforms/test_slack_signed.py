"""What comes by HTTP: only what Slack signed, lately, and once."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.platforms.slack_driver import HttpSide
from tests.platforms.slack_office import Office


def side(office: Office) -> HttpSide:
    assert isinstance(office.side, HttpSide)
    return office.side


async def heard(office: Office) -> int:
    await office.done()
    return len(office.member().shown())


@pytest.mark.parametrize("kind", ["command", "event", "action"])
async def test_a_bad_signature_is_refused_and_nothing_is_done(by_http: Office, kind: str) -> None:
    member = by_http.member()
    payload = member.command_payload("help") if kind == "command" else {"type": "block_actions", "actions": []}
    body, headers = side(by_http).signed(kind, payload, secret="another secret")
    assert (await side(by_http).post(body, headers)).status == 401
    body, headers = side(by_http).signed(kind, payload)
    assert (await side(by_http).post(body + "x", headers)).status == 401
    del headers["X-Slack-Signature"]
    assert (await side(by_http).post(body, headers)).status == 401
    assert await heard(by_http) == 0


@pytest.mark.parametrize("skew", [-301.0, 400.0, -86_400.0])
async def test_a_request_of_another_time_is_refused(by_http: Office, skew: float) -> None:
    body, headers = side(by_http).signed("command", by_http.member().command_payload("help"), skew=skew)
    assert (await side(by_http).post(body, headers)).status == 401
    assert await heard(by_http) == 0


async def test_a_request_that_is_copied_and_sent_again_acts_once(by_http: Office) -> None:
    payload = by_http.member().command_payload("watch add strike")
    body, headers = side(by_http).signed("command", payload)
    for _ in range(3):
        assert (await side(by_http).post(body, headers)).status == 200
    assert await heard(by_http) == 1


async def test_retries_of_an_event_are_acknowledged_and_done_once_also_by_two_at_a_time(by_http: Office) -> None:
    payload = by_http.member().event_payload({"type": "app_home_opened", "user": "UADMIN", "tab": "home"})
    acks = await asyncio.gather(*(by_http.side.tell("event", payload, retry=retry) for retry in (None, 1, 2, 3)))
    assert [ack.status for ack in acks] == [200] * 4
    await by_http.done()
    assert len(by_http.server.called("views.publish")) == 1


async def test_slacks_questions_of_the_address_are_answered(by_http: Office) -> None:
    challenge = {"type": "url_verification", "challenge": "xyz", "token": "verification"}
    ack = await by_http.side.tell("event", challenge)
    assert (ack.status, ack.body) == (200, {"challenge": "xyz"})
    body, headers = side(by_http).signed("command", {"ssl_check": "1", "token": "verification"})
    assert (await side(by_http).post(body, headers)).status == 200


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe not text", b"{not json", b"", b"payload=%7Bbroken", json.dumps([1, 2]).encode()],
    ids=["no text", "no JSON", "nothing", "broken payload", "a list"],
)
async def test_what_is_no_request_of_slacks_is_refused_before_it_is_read(by_http: Office, body: bytes) -> None:
    assert by_http.session is not None
    for content in ("application/json", "application/x-www-form-urlencoded"):
        async with by_http.session.post(
            f"{by_http.address}/slack/events", data=body, headers={"Content-Type": content}
        ) as answer:
            assert answer.status == 401


@pytest.mark.parametrize(
    ("body", "stamp", "signature"),
    [
        (b"\xff\xfe no text", None, "v0=00"),
        (b"{}", None, "v0=\u00e9"),
        (b"{}", "9" * 400, "v0=00"),
        (b"{}", "9" * 5_000, "v0=00"),
        (b"{}", "-1", "v0=00"),
        (b"{}", "soon", "v0=00"),
    ],
    ids=["no text", "no ASCII", "no time", "no number that is read", "before there was time", "no number"],
)
async def test_what_only_looks_signed_is_refused_like_anything_else(
    by_http: Office, body: bytes, stamp: str | None, signature: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert by_http.session is not None
    _, headers = side(by_http).signed("event", {})
    headers["X-Slack-Signature"] = signature
    if stamp is not None:
        headers["X-Slack-Request-Timestamp"] = stamp
    async with by_http.session.post(f"{by_http.address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 401
    assert "Traceback" not in caplog.text


async def test_what_is_larger_than_slack_sends_is_not_read(by_http: Office) -> None:
    assert by_http.session is not None
    async with by_http.session.post(f"{by_http.address}/slack/events", data=b"x" * (3 * 1024 * 1024)) as answer:
        assert answer.status == 413


async def test_nothing_else_is_there(by_http: Office) -> None:
    assert by_http.session is not None
    for path, status in (("/slack/events", 200), ("/slack/nothing", 404), ("/slack/", 404)):
        async with by_http.session.get(by_http.address + path) as answer:
            assert (answer.status, "Slugline" in await answer.text()) == (status, False)
