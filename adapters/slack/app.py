"""The app: what members say and press in Slack, brought to the command desk, and its answer brought back.

Everything is acknowledged before anything is done about it (`afterwards`), and done once (`once`). Bolt parses it and
knows which listener is meant. Its authorize step is kept from looking anything up (`Unhurried`), since that would stand
between hearing and acknowledging: with which token a workspace is answered is found out after.

A button carries an invocation, as does a form; who presses is checked by the desk as who types. A form is opened with a
trigger that lives three seconds, so a command that answers with one does so at once, and where it could not, the answer
is a button that asks for it again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.afterwards import Afterwards
from adapters.slack.answering import Answering, Spot
from adapters.slack.api import Api, CallError, No
from adapters.slack.forms import beginning_form
from adapters.slack.home import FORM, SHOWN, form_path, home_view
from adapters.slack.installing import leave_teams, reach_teams
from adapters.slack.keys import PLATFORM, NoKey
from adapters.slack.logs import quiet_logger
from adapters.slack.manifest import COMMAND, SHORTCUT_ANALYSE, SHORTCUT_WATCH
from adapters.slack.once import key_of
from adapters.slack.people import People
from adapters.slack.platform import community_of
from adapters.slack.typed import first_link, unescaped
from adapters.slack.views import (
    SAY,
    answer_view,
    corrected_view,
    form_view,
    read_metadata,
    submitted,
    working_view,
)
from bot.app.commands.asked import Place
from bot.app.commands.desk import CommandDesk
from bot.app.leaving import come_back
from bot.app.once import Once
from bot.app.ports import Clock, Database, Transaction
from bot.core import strings
from bot.core.command.command import Command
from bot.core.command.invocation import CODE_LIMIT, Invocation, decode, encode, invocation
from bot.core.community import Community
from bot.core.errors import InputError, StoreError
from bot.core.message.document import Actions, Answer, Ask, Block, Button, Document, Form, Heading, Reply
from bot.core.message.notice import error_document

FORM_PATIENCE = timedelta(milliseconds=700)
"""How long a form that was sent off waits for its answer before it says that it is at work."""
TYPING_PATIENCE = timedelta(seconds=2)
"""How long names are looked for while somebody types: Slack waits three seconds."""
SILENCE = timedelta(seconds=2)
"""How long whoever asked hears nothing before they hear that it takes a while."""
LATE = frozenset({"expired_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"})
TEAMS = 20_000
"""Workspaces that this process remembers to have written down."""
OPTIONS = 100

log = structlog.get_logger(__name__)

Ack = Callable[..., Awaitable[Any]]
Body = Mapping[str, Any]


class Unhurried(AsyncAuthorize):
    """Lets everything in that was signed, and looks nothing up."""

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


class _Timed(AsyncApp):
    """What Bolt answers is the acknowledgement, over a socket as by HTTP."""

    acknowledged: Callable[[float], None]

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began = asyncio.get_running_loop().time()
        answer = await super().async_dispatch(req)
        self.acknowledged(asyncio.get_running_loop().time() - began)
        return answer


class SlackApp:
    """`bolt` takes what Slack says, from a socket or by HTTP. `gone` is told of an installation that ended: its place,
    and when Slack said so. `acknowledged` is called with the seconds until each thing that was said was acknowledged.
    """

    def __init__(
        self,
        desk: CommandDesk,
        database: Database,
        api: Api,
        client: AsyncWebClient,
        clock: Clock,
        afterwards: Afterwards,
        gone: Callable[[Transaction, str, datetime], Awaitable[None]],
        *,
        oauth: AsyncOAuthFlow | None = None,
        acknowledged: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._desk = desk
        self._database = database
        self._api = api
        self._clock = clock
        self._afterwards = afterwards
        self._gone = gone
        self._once = Once(database, PLATFORM)
        self._people = People(api, clock)
        self._answering = Answering(api, client, clock)
        self._known: set[str] = set()
        self.bolt = _Timed(
            name=quiet_logger().name,  # Bolt sets the level of the logger that is called like its app
            logger=quiet_logger(),
            signing_secret="",
            request_verification_enabled=False,  # `door` has checked it, and a socket is Slack's own
            client=client,
            authorize=Unhurried(),  # type: ignore[no-untyped-call]
            oauth_flow=oauth,
        )
        self.bolt.acknowledged = acknowledged
        self._listen()

    async def forget(self) -> None:
        """What was heard long ago."""
        await self._once.forget()

    def _listen(self) -> None:
        bolt = self.bolt
        bolt.command(COMMAND)(self._on_command)
        bolt.action(re.compile(r"^(say|choose|complete):"))(self._on_action)
        bolt.action(re.compile(rf"^{FORM}:"))(self._on_beginning)
        bolt.action(re.compile(""))(_acknowledge)
        bolt.options(re.compile(""))(self._on_typing)
        bolt.view(SAY)(self._on_form)
        bolt.view(re.compile(""))(_acknowledge)
        bolt.view_closed(re.compile(""))(_acknowledge)
        bolt.shortcut({"callback_id": SHORTCUT_ANALYSE, "type": "message_action"})(self._on_message)
        bolt.shortcut(SHORTCUT_WATCH)(self._on_new_watch)
        bolt.shortcut(re.compile(""))(_acknowledge)
        bolt.event("app_home_opened")(self._on_home)
        bolt.event("app_uninstalled")(self._on_uninstalled)
        bolt.event("tokens_revoked")(self._on_revoked)
        bolt.event("team_access_revoked")(self._on_team_access)
        bolt.event("team_access_granted")(self._on_team_access)
        bolt.event(re.compile(""))(_acknowledge)

    # --- what is heard ------------------------------------------------------------------------------------

    async def _on_command(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        spot = self._spot(body, context)
        self._do(spot, body, context, partial(self._line, spot, str(body.get("text") or "")))

    async def _on_action(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        spot, action = self._spot(body, context), body["actions"][0]
        try:
            said = pressed(action)
        except (ValueError, KeyError):
            log.warning("a button of none of ours was pressed", action=action.get("action_id"))
            return
        self._do(spot, body, context, partial(self._answer, spot, said))

    async def _on_form(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        """What is wrong with a form is shown in it, and so is what has no other place. The form waits a moment for
        that; then it says that it is at work, and is changed later."""
        view = body["view"]
        spot = self._spot(body, context)
        try:
            said, origin = submitted(view)
        except (ValueError, KeyError):
            await ack()
            return
        spot.channel, spot.response_url = origin.channel, origin.response_url
        spot.used, spot.pressed, spot.alone = origin.used, origin.pressed, origin.alone
        form = _SentForm(view, asyncio.get_running_loop().create_future(), self._desk.command)
        self._do(spot, body, context, partial(self._form, spot, form, said), unless=form.nothing)
        await asyncio.wait({form.answer}, timeout=FORM_PATIENCE.total_seconds())
        if not form.answer.done():
            form.late = True
            await ack(response_action="update", view=working_view(form.title))
        elif (after := form.after(form.answer.result(), spot)) is None:
            await ack()
        else:
            await ack(response_action="update", view=after)

    async def _on_message(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        spot = self._spot(body, context)
        spot.pressed = ""  # a member's own message, which nothing of ours replaces
        link = first_link(body.get("message") or {})
        if link is None:
            self._do(spot, body, context, partial(self._wrong, spot, strings.slack.NO_LINK))
        else:
            said = invocation("summarize", address=link)
            self._do(spot, body, context, partial(self._answer, spot, said))

    async def _on_new_watch(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        self._begin(("watch", "add"), body, context)

    async def _on_beginning(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        self._begin(form_path(str(body["actions"][0].get("action_id") or "")), body, context)

    def _begin(self, path: tuple[str, ...], body: Body, context: AsyncBoltContext) -> None:
        """Offer the form of a command that was named and no more."""
        command = self._desk.command(path)
        form = beginning_form(command) if command is not None else None
        if form is None:
            log.warning("a form that is none of ours was asked for", path=".".join(path)[:60])
            return
        spot = self._spot(body, context)
        self._do(spot, body, context, partial(self._open, spot, form, form.invoke))

    async def _on_typing(self, ack: Ack, body: Body, context: AsyncBoltContext) -> None:
        """Names for an external select, by what its `action_id` says, or in a form by the form's own command."""
        spot = self._spot(body, context)
        options: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(TYPING_PATIENCE.total_seconds()):
                path, parameter = _asked_for(body)
                person = await self._people.one(spot.team, spot.user)
                found = await self._desk.complete(
                    community_of(spot.team), person.member, path, parameter, str(body.get("value") or "")
                )
            options = [
                {"text": {"type": "plain_text", "text": one.label[:75] or one.value[:75]}, "value": one.value}
                for one in found[:OPTIONS]
                if 0 < len(one.value) <= 150
            ]
        except (ValueError, KeyError, TimeoutError, StoreError) as error:
            log.info("no names for a select", reason=type(error).__name__)
        await ack(options=options)

    async def _on_home(self, body: Body, context: AsyncBoltContext) -> None:
        event = body["event"]
        if event.get("tab") != "home":
            return
        spot = self._spot(body, context)
        self._do(spot, body, context, partial(self._home, spot, (event.get("view") or {}).get("hash")))

    async def _on_uninstalled(self, body: Body, context: AsyncBoltContext) -> None:
        self._end(body, context)

    async def _on_revoked(self, body: Body, context: AsyncBoltContext) -> None:
        if body["event"].get("tokens", {}).get("bot"):
            self._end(body, context)

    async def _on_team_access(self, body: Body, context: AsyncBoltContext) -> None:
        """An organisation took the app out of some of its workspaces, or put it into them."""
        organisation, event = context.enterprise_id, body["event"]
        teams = [str(team) for team in event.get("team_ids") or ()]
        if not organisation or not teams:
            return
        at, granted = _told_at(body), event["type"] == "team_access_granted"
        heard = False

        async def changed() -> None:
            nonlocal heard
            if not heard:
                async with self._database.begin() as tx:
                    if not await tx.heard.first(PLATFORM, [key_of(body)]):
                        return
                    await (
                        reach_teams(tx, organisation, teams) if granted else leave_teams(tx, organisation, teams, at)
                    )
                heard = True
            for team in teams:
                self._api.keys.drop(team)
                if granted:
                    await come_back(self._database, community_of(team))
            self._known.difference_update(teams)

        self._afterwards.insist(changed, "an organisation's change")

    def _end(self, body: Body, context: AsyncBoltContext) -> None:
        place = context.enterprise_id if context.is_enterprise_install else context.team_id
        at = _told_at(body)
        if not place:
            return

        async def ended() -> None:
            async with self._database.begin() as tx:
                if await tx.heard.first(PLATFORM, [key_of(body)]):
                    await self._gone(tx, place, at)
            self._api.keys.drop(place)
            self._known.clear()

        self._afterwards.insist(ended, "an installation's end")

    # --- what is done about it ----------------------------------------------------------------------------

    def _do(
        self,
        spot: Spot,
        body: Body,
        context: AsyncBoltContext,
        work: Callable[[], Awaitable[None]],
        *,
        unless: Callable[[], None] = lambda: None,
    ) -> None:
        """Do it once, in a community that is there; `unless` is called where it is not done."""

        async def done() -> None:
            try:
                if not await self._first(body):
                    return
                try:
                    await self._settle(spot.team, context)
                except NoKey as error:
                    await self._wrong(spot, str(error))
                    return
                except StoreError:
                    await self._wrong(spot, strings.asking.BUSY)
                    return
                await work()
            finally:
                unless()

        self._afterwards.do(done, str(body.get("type") or "command"))

    async def _first(self, body: Body) -> bool:
        try:
            return await self._once.first(key_of(body))
        except StoreError:
            return True  # so that whoever asked is told that the store is busy

    async def _settle(self, team: str, context: AsyncBoltContext) -> None:
        """Write down that there is this workspace, and how it is reached. Raises NoKey where it is not."""
        if team in self._known:
            return
        if context.is_enterprise_install and context.enterprise_id:
            async with self._database.begin() as tx:
                await tx.installations.reach(PLATFORM, team, context.enterprise_id)
        key = await self._api.keys.of(team)
        name = key.name if key.place == team and key.name else team
        made = Community(id=community_of(team), platform=PLATFORM, name=name, created_at=self._clock.now())
        async with self._database.begin() as tx:
            await tx.communities.ensure(made)
        await come_back(self._database, made.id)
        if len(self._known) >= TEAMS:
            self._known.clear()
        self._known.add(team)

    async def _line(self, spot: Spot, text: str) -> None:
        try:
            said = self._desk.read(unescaped(text).strip() or "help")
        except InputError as error:
            await self._wrong(spot, str(error))
            return
        await self._answer(spot, said)

    async def _wrong(self, spot: Spot, message: str) -> None:
        await self._show(spot, Reply(document=error_document(message, strings.asking.HELP), private=True))

    async def _answer(self, spot: Spot, said: Invocation) -> None:
        answer = await self._asked(spot, said)
        match answer:
            case Reply():
                await self._show(spot, answer)
                await self._refresh(spot, answer)
            case Ask(form=form):
                await self._open(spot, form, said)

    async def _asked(self, spot: Spot, said: Invocation, *, quietly: bool = False) -> Answer:
        person = await self._people.one(spot.team, spot.user)
        zone = person.zone if isinstance(person.zone, ZoneInfo) else UTC
        direct = not spot.channel or spot.channel.startswith("D")
        place = Place(
            platform=PLATFORM,
            address=spot.user if direct else spot.channel,
            zone=zone,
            direct=direct,
            private_to=spot.user,
        )
        progress = _Progress(partial(self._answering.tell, spot))
        tell = None if quietly else progress.tell
        try:
            return await self._desk.answer(community_of(spot.team), person.member, place, said, tell)
        finally:
            await progress.end()

    async def _show(self, spot: Spot, reply: Reply) -> None:
        """Where it was asked for: in a modal what a view's button asked for, unless everybody is to see it."""
        if spot.view is None or spot.response_url:
            await self._answering.reply(spot, reply)
            return
        view = answer_view(reply.document, "Slugline")
        if not await self._open_view(spot, view):
            await self._answering.reply(spot, reply)

    async def _open(self, spot: Spot, form: Form, said: Invocation) -> None:
        if await self._open_view(spot, form_view(form, spot.origin, self._desk.command(form.invoke.path))):
            return
        blocks: list[Block] = [Heading(strings.slack.TOO_LATE, level=3)]
        if len(encode(said)) <= CODE_LIMIT:
            blocks.append(Actions((Button(strings.slack.GO_ON, said),)))
        late = Document(summary=strings.slack.TOO_LATE, blocks=tuple(blocks))
        await self._answering.reply(spot, Reply(document=late, private=True))

    async def _open_view(self, spot: Spot, view: dict[str, Any]) -> bool:
        """On top of the modal it was asked for in, as deep as Slack lets it; False where it is too late for it."""
        within = spot.view if spot.view is not None and spot.view.get("type") == "modal" else None
        try:
            if within is None:
                await self._api.call(spot.team, "views.open", {"trigger_id": spot.trigger, "view": view})
            else:
                await self._api.call(spot.team, "views.push", {"trigger_id": spot.trigger, "view": view})
        except No as no:
            if no.code == "push_limit_reached" and within is not None:
                await self._update(spot.team, within, view)
                return True
            if no.code not in LATE:
                raise
            return False
        return True

    async def _update(self, team: str, view: Mapping[str, Any], after: dict[str, Any]) -> None:
        """Change a view that is open, unless it was changed meanwhile."""
        try:
            await self._api.call(team, "views.update", {"view_id": view["id"], "hash": view.get("hash"), "view": after})
        except No as no:
            if no.code not in {"hash_conflict", "not_found"}:
                raise

    async def _form(self, spot: Spot, form: _SentForm, said: Invocation) -> None:
        answer = await self._asked(spot, said, quietly=True)
        after = form.after(answer, spot)
        if form.late:
            latest = after or answer_view(Document(strings.slack.DONE, ()), form.title)
            await self._update(spot.team, {"id": form.view["id"]}, latest)
        else:
            form.answer.set_result(answer)
        if after is None and isinstance(answer, Reply):
            await self._answering.reply(spot, answer)
        if isinstance(answer, Reply):
            await self._refresh(spot, answer)

    async def _refresh(self, spot: Spot, answer: Reply) -> None:
        """Home, where it was said there or in a modal on top of it: it may show what that has changed. Not where it
        was drawn anew since whoever pressed saw it."""
        if spot.view is not None and not spot.channel and not answer.failed:
            await self._home(spot, spot.view.get("hash") if spot.view.get("type") == "home" else None)

    async def _home(self, spot: Spot, hash_: str | None) -> None:
        answers = {said: await self._asked(spot, said, quietly=True) for said in SHOWN}
        view = home_view(
            {
                said: answer.document
                for said, answer in answers.items()
                if isinstance(answer, Reply) and not answer.failed
            }
        )
        try:
            await self._api.call(spot.team, "views.publish", {"user_id": spot.user, "view": view, "hash": hash_})
        except No as no:
            if no.code != "hash_conflict":  # somebody was faster, and showed what is newer
                raise
        except CallError as error:
            log.warning("a Home tab could not be shown", reason=str(error))

    def _spot(self, body: Body, context: AsyncBoltContext) -> Spot:
        user = body.get("user")
        team = context.team_id or (user.get("team_id") if isinstance(user, Mapping) else None) or ""
        container = body.get("container") or {}
        channel = "" if "event" in body else context.channel_id or ""
        return Spot(
            team=team,
            user=context.user_id or "",
            heard_at=self._clock.now(),
            channel=channel,
            response_url=str(body.get("response_url") or ""),
            pressed=str(container.get("message_ts") or ""),
            alone=bool(container.get("is_ephemeral")) or channel.startswith("D"),
            trigger=str(body.get("trigger_id") or ""),
            view=body.get("view"),
        )


class _SentForm:
    """A form that was sent off and waits for its `answer`, or is `late` for it."""

    def __init__(
        self,
        view: Mapping[str, Any],
        answer: asyncio.Future[Answer | None],
        command: Callable[[tuple[str, ...]], Command | None],
    ) -> None:
        self.view = view
        self._command = command
        self.answer = answer
        self.late = False

    @property
    def title(self) -> str:
        return str(self.view.get("title", {}).get("text") or "Slugline")

    def nothing(self) -> None:
        """Nobody will answer it, or somebody has."""
        if not self.answer.done():
            self.answer.set_result(None)

    def after(self, answer: Answer | None, spot: Spot) -> dict[str, Any] | None:
        """How the form looks then; None: it is closed, and the answer is shown elsewhere."""
        match answer:
            case None:
                return None
            case Reply(failed=True, document=document):
                return corrected_view(self.view, document)
            case Ask(form=form):
                return form_view(form, spot.origin, self._command(form.invoke.path))
            case Reply(private=True, document=document) if not spot.response_url:
                return answer_view(document, self.title)
            case _:
                return None


class _Progress:
    """How it goes, said where an answer takes so long that somebody wonders, and once: it stays there."""

    def __init__(self, say: Callable[[Document], Awaitable[None]]) -> None:
        self._say = say
        self._latest: Document | None = None
        self._task: asyncio.Task[None] | None = None

    async def tell(self, document: Document) -> None:
        self._latest = document
        if self._task is None:
            self._task = asyncio.create_task(self._later())

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _later(self) -> None:
        await asyncio.sleep(SILENCE.total_seconds())
        assert self._latest is not None
        await self._say(self._latest)


def _told_at(body: Body) -> datetime:
    return datetime.fromtimestamp(int(body.get("event_time") or 0), UTC)


async def _acknowledge(ack: Ack) -> None:
    await ack()


def pressed(action: Mapping[str, Any]) -> Invocation:
    """What pressing says. Raises ValueError or KeyError for what is none of ours."""
    name = str(action["action_id"])
    if name.startswith("say:"):
        chosen = action.get("selected_option")
        return decode(str(chosen["value"] if chosen is not None else action["value"]))
    _, _, into, code = name.split(":", 3)
    return decode(code).with_arguments(**{into: str(action["selected_option"]["value"])})


def _asked_for(body: Body) -> tuple[tuple[str, ...], str]:
    name = str(body["action_id"])
    if name.startswith("complete:"):
        _, _, into, code = name.split(":", 3)
        return decode(code).path, into
    return read_metadata(body["view"])[0].path, str(body["block_id"])
