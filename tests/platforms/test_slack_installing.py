"""Into a workspace and out of it: installed, installed again, renewed, revoked, uninstalled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from adapters.slack.installing import seal_anew
from adapters.slack.keys import InstalledKeys, NoKey
from adapters.slack.sealing import Sealer
from bot.core.community import CommunityId
from bot.core.delivery import Destination, DestinationId, Posted, Refused
from bot.core.errors import InputError
from bot.core.message.document import Document, Prose, Text
from bot.core.outbox import PartId
from tests.app.newsroom import Newsroom
from tests.platforms.slack_office import KEY, Office, http_office
from tests.platforms.slack_server import Fault

PLACE = Destination(id=DestinationId(1), community=CommunityId("slack:T1"), platform="slack", address="CT11")
NEWS = Document("news", (Prose((Text("news"),)),))


def keys(office: Office) -> InstalledKeys:
    found = office.slack.api.keys
    assert isinstance(found, InstalledKeys)
    return found


async def post(office: Office, place: Destination = PLACE) -> object:
    return await office.slack.platform.send(place, NEWS, 0, part_id=PartId("1-0"))


async def ages(office: Office, by: timedelta, place: str = "T1") -> None:
    """The stored token is that much nearer to its end; nothing of it is remembered."""
    async with office.database.begin() as tx:
        kept = await tx.installations.find("slack", place)
        assert kept is not None
        assert kept.expires_at is not None
        await tx.installations.save(replace(kept, expires_at=kept.expires_at - by))
    keys(office).drop("T1")


async def test_whoever_installs_it_is_a_manager_and_it_posts_with_the_workspaces_token(newsroom: Newsroom) -> None:
    async with http_office(newsroom, installed=()) as office:
        office.server.workspace("T1", name="Guild office")
        status, page = await office.install("T1", "UMEMBER")
        assert status == 200
        assert "/invite @slugline" in page
        async with office.database.read() as tx:
            kept = await tx.installations.find("slack", "T1")
            community = await tx.communities.get(CommunityId("slack:T1"))
        assert kept is not None
        assert (kept.name, kept.installer) == ("Guild office", "UMEMBER")
        assert community is not None
        assert community.name == "Guild office"
        assert isinstance(await post(office), Posted)
        await office.member("UMEMBER").say("schedule add weekdays at 9")
        await office.done()
        async with office.database.read() as tx:
            assert len(await tx.schedules.of(CommunityId("slack:T1"))) == 1


async def test_no_token_is_in_the_database_as_it_is(by_http: Office) -> None:
    async with by_http.database.begin() as tx:
        rows = (await tx.sql.execute(text("SELECT * FROM installations"))).all()
    stored = repr(rows)
    assert "xoxb" not in stored
    assert "xoxe" not in stored


async def test_a_state_is_used_once_and_only_by_the_browser_it_was_given_to(by_http: Office) -> None:
    assert by_http.session is not None
    by_http.server.workspace("T2")
    async with by_http.session.get(f"{by_http.address}/slack/install", allow_redirects=False) as begun:
        cookie = begun.headers["Set-Cookie"].split(";")[0]
        state = parse_qs(urlsplit(begun.headers["Location"]).query)["state"][0]

    async def come_back(state: str, cookie: str) -> int:
        by_http.server.codes["code"] = ("T2", "UADMIN", ("chat:write",))
        address = f"{by_http.address}/slack/oauth_redirect?code=code&state={state}"
        assert by_http.session is not None
        async with by_http.session.get(address, headers={"Cookie": cookie}) as page:
            return page.status

    assert await come_back(state, "") == 400
    assert await come_back("forged", "slack-app-oauth-state=forged") == 401
    assert await come_back(state, cookie) == 200
    assert await come_back(state, cookie) == 401, "used twice"


async def test_whoever_presses_cancel_is_told_and_nothing_is_kept(newsroom: Newsroom) -> None:
    async with http_office(newsroom, installed=()) as office:
        assert office.session is not None
        address = f"{office.address}/slack/oauth_redirect?error=<script>access_denied&state=x"
        async with office.session.get(address) as page:
            said = await page.text()
        assert "not installed" in said
        assert "<script>" not in said
        async with office.database.read() as tx:
            assert await tx.installations.all("slack") == []


async def test_installed_again_the_new_token_is_used(by_http: Office) -> None:
    by_http.server.revoke("T1")
    assert isinstance(await post(by_http), Refused)
    assert (await by_http.install("T1"))[0] == 200
    assert isinstance(await post(by_http), Posted)


async def test_a_token_that_ends_soon_is_renewed_before_a_scheduled_post(by_http: Office) -> None:
    before = set(by_http.server.grants)
    await ages(by_http, timedelta(hours=11))
    assert isinstance(await post(by_http), Posted)
    assert len(set(by_http.server.grants) - before) == 1
    assert by_http.server.calls[-1].method == "chat.postMessage"
    keys(by_http).drop("T1")
    assert isinstance(await post(by_http), Posted)
    assert len(by_http.server.called("oauth.v2.access")) == 2, "installed and renewed, once each"


async def test_a_token_is_renewed_once_however_many_post(by_http: Office) -> None:
    await ages(by_http, timedelta(hours=13))
    found = await asyncio.gather(*(keys(by_http).of("T1") for _ in range(20)))
    assert len({key.token for key in found}) == 1
    assert len(by_http.server.called("oauth.v2.access")) == 2


async def test_a_token_is_renewed_once_by_several_processes(by_http: Office) -> None:
    await ages(by_http, timedelta(hours=13))
    own = keys(by_http)
    processes = [
        InstalledKeys(
            own._database,
            own._sealer,
            own._clock,
            own._client,
            client_id=own._client_id,
            client_secret=own._client_secret,
            holder=f"process {number}",
        )
        for number in range(4)
    ]
    found = await asyncio.gather(*(process.of("T1") for process in processes))
    assert len({key.token for key in found}) == 1
    assert len(by_http.server.called("oauth.v2.access")) == 2


async def test_where_renewing_fails_the_old_token_is_used_as_long_as_it_lasts(by_http: Office) -> None:
    await ages(by_http, timedelta(hours=11))
    by_http.server.fault("oauth.v2.access", Fault(status=500, error="internal_error"))
    assert isinstance(await post(by_http), Posted)
    await ages(by_http, timedelta(hours=2))
    by_http.server.fault("oauth.v2.access", Fault(error="invalid_refresh_token"))
    with pytest.raises(NoKey, match="invalid_refresh_token"):
        await keys(by_http).of("T1")


async def test_a_token_that_slack_says_has_ended_is_renewed_and_the_message_goes_once(by_http: Office) -> None:
    by_http.server.fault("chat.postMessage", Fault(error="token_expired"))
    assert isinstance(await post(by_http), Posted)
    assert len(by_http.server.workspaces["T1"].channels["CT11"].messages) == 1


@pytest.mark.parametrize(
    "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}]
)
async def test_what_was_uninstalled_or_revoked_has_no_keys_any_more(by_http: Office, event: dict[str, object]) -> None:
    by_http.server.workspace("T2")
    await by_http.install("T2")
    assert (await by_http.member().event(event)).status == 200
    await by_http.done()
    async with by_http.database.read() as tx:
        assert [kept.place for kept in await tx.installations.all("slack")] == ["T2"]
        assert await tx.communities.has_left(CommunityId("slack:T1"))
        assert not await tx.communities.has_left(CommunityId("slack:T2"))
    outcome = await post(by_http)
    assert isinstance(outcome, Refused)
    assert outcome.gone
    assert "install it again" in outcome.reason
    await by_http.install("T1")
    async with by_http.database.read() as tx:
        assert not await tx.communities.has_left(CommunityId("slack:T1"))
    assert isinstance(await post(by_http), Posted)


async def test_a_members_own_token_that_is_revoked_is_none_of_ours(by_http: Office) -> None:
    await by_http.member().event({"type": "tokens_revoked", "tokens": {"oauth": ["UADMIN"], "bot": []}})
    await by_http.done()
    assert isinstance(await post(by_http), Posted)


async def test_an_end_that_is_told_after_it_was_installed_again_ends_nothing(by_http: Office) -> None:
    member = by_http.member()
    payload = member.event_payload({"type": "app_uninstalled"})
    payload["event_time"] = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())
    await by_http.side.tell("event", payload)
    await by_http.done()
    assert isinstance(await post(by_http), Posted)


async def test_an_organisation_installs_it_for_all_its_workspaces(newsroom: Newsroom) -> None:
    async with http_office(newsroom, installed=()) as office:
        for team in ("T1", "T2"):
            office.server.workspace(team, org="E1")
        assert (await office.install("E1"))[0] == 200
        for team in ("T1", "T2"):
            await office.member(team=team).say(f"schedule add weekdays at 9 name:{team}")
            await office.done()
            async with office.database.read() as tx:
                (schedule,) = await tx.schedules.of(CommunityId(f"slack:{team}"))
            assert schedule.name == team
        assert isinstance(await post(office), Posted)
        await office.member(team="T1").event({"type": "app_uninstalled"})
        await office.done()
        for team in ("T1", "T2"):
            outcome = await post(office, replace(PLACE, community=CommunityId(f"slack:{team}"), address=f"C{team}1"))
            assert isinstance(outcome, Refused)


async def test_an_organisation_takes_it_out_of_one_workspace_and_puts_it_back(newsroom: Newsroom) -> None:
    one, two = CommunityId("slack:T1"), CommunityId("slack:T2")
    async with http_office(newsroom, installed=()) as office:
        for team in ("T1", "T2", "T3"):
            office.server.workspace(team, org="E1")
        await office.install("E1")
        await office.install("T3")
        for team in ("T1", "T2", "T3"):
            await office.member(team=team).say("watch list")
            await office.done()
        revoked = {"type": "team_access_revoked", "team_ids": ["T1", "T3"]}
        assert (await office.member(team="T2").event(revoked)).status == 200
        await office.done()
        outcome = await post(office)
        assert isinstance(outcome, Refused)
        assert outcome.gone
        assert isinstance(await post(office, replace(PLACE, community=two, address="CT21")), Posted)
        own = replace(PLACE, community=CommunityId("slack:T3"), address="CT31")
        assert isinstance(await post(office, own), Posted), "it was installed there by itself as well"
        async with office.database.read() as tx:
            left = [await tx.communities.has_left(each) for each in (one, two, own.community)]
        assert left == [True, False, False]
        await office.member(team="T2").event({"type": "team_access_granted", "team_ids": ["T1"]})
        await office.done()
        assert isinstance(await post(office), Posted)
        async with office.database.read() as tx:
            assert not await tx.communities.has_left(one)
        payload = office.member(team="T2").event_payload(revoked)
        payload["event_time"] = int((datetime.now(UTC) - timedelta(minutes=5)).timestamp())
        await office.side.tell("event", payload)
        await office.done()
        assert isinstance(await post(office), Posted), "that was told late: it was put back since"


async def test_where_nobody_installed_it_nothing_is_told(by_http: Office) -> None:
    by_http.server.workspace("T7")
    stranger = by_http.member(team="T7")
    assert (await stranger.say("watch list")).status == 200
    (answer,) = await stranger.sees()
    assert "install" in str(answer.blocks)
    await by_http.done()
    async with by_http.database.read() as tx:
        assert await tx.communities.get(CommunityId("slack:T7")) is None


def test_keys_are_changed_by_putting_the_new_one_in_front() -> None:
    old, new, other = (Fernet.generate_key().decode() for _ in range(3))
    sealed = Sealer((old,)).seal({"token": "xoxb-1"})
    assert Sealer((new, old)).open(sealed) == {"token": "xoxb-1"}
    assert Sealer((new,)).open(Sealer((new, old)).seal({"token": "xoxb-2"})) == {"token": "xoxb-2"}
    with pytest.raises(InputError):
        Sealer((other,)).open(sealed)
    with pytest.raises(InputError):
        Sealer(("too short",))


async def test_a_process_that_begins_with_a_new_key_seals_everything_anew(by_http: Office) -> None:
    new = Fernet.generate_key().decode()
    assert await seal_anew(by_http.database, Sealer((KEY,))) == 0
    assert await seal_anew(by_http.database, Sealer((new, KEY))) == 1
    assert await seal_anew(by_http.database, Sealer((new, KEY))) == 0
    async with by_http.database.read() as tx:
        (kept,) = await tx.installations.all("slack")
    assert Sealer((new,)).open(kept.sealed)["token"] in by_http.server.grants
