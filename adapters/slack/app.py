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
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.afterwards import Afterwards
from adapters.slack.answering import Answering, Spot
from adapters.slack.api import Api, CallError, No
from adapters.slack.forms import beginning_form
from adapters.slack.heard import asked_for, pressed
from adapters.slack.hearing import Timed, Unhurried
from adapters.slack.home import FORM, SHOWN, form_path, home_view
from adapters.slack.keys import PLATFORM, NoKey
from adapters.slack.logs import quiet_logger
from adapters.slack.manifest import COMMAND, SHORTCUT_ANALYSE, SHORTCUT_WATCH
from adapters.slack.modals import Modals, SentForm
from adapters.slack.once import key_of
from adapters.slack.people import People
from adapters.slack.platform import community_of
from adapters.slack.progress import Progress
from adapters.slack.typed import first_link, unescaped
from adapters.slack.views import (
    SAY,
    answer_view,
    form_view,
    submitted,
    working_view,
)
from adapters.slack.workspaces import Workspaces
from bot.app.commands.asked import Place
from bot.app.commands.desk import CommandDesk
from bot.app.once import Once
from bot.app.ports import Clock, Database, Transaction
from bot.core import strings
from bot.core.command.invocation import CODE_LIMIT, Invocation, encode, invocation
from bot.core.errors import InputError, StoreError
from bot.core.message.document import Actions, Answer, Ask, Block, Button, Document, Form, Heading, Reply
from bot.core.message.notice import error_document

FORM_PATIENCE = timedelta(milliseconds=700)
"""How long a form that was sent off waits for its answer before it says that it is at work."""
TYPING_PATIENCE = timedelta(seconds=2)
"""How long names are looked for while somebody types: Slack waits three seconds."""
OPTIONS = 100

log = structlog.get_logger(__name__)

Ack = Callable[..., Awaitable[Any]]
Body = Mapping[str, Any]


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
        self._workspaces = Workspaces(database, api, clock, afterwards, gone)
        self._modals = Modals(api)
        self._once = Once(database, PLATFORM)
        self._people = People(api, clock)
        self._answering = Answering(api, client, clock)
        self.bolt = Timed(
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
        bolt.event("app_uninstalled")(self._workspaces.on_uninstalled)
        bolt.event("tokens_revoked")(self._workspaces.on_revoked)
        bolt.event("team_access_revoked")(self._workspaces.on_team_access)
        bolt.event("team_access_granted")(self._workspaces.on_team_access)
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
        form = SentForm(view, asyncio.get_running_loop().create_future(), self._desk.command)
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
                path, parameter = asked_for(body)
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
                    await self._workspaces.settle(spot.team, context)
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
        progress = Progress(partial(self._answering.tell, spot))
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
        if not await self._modals.open(spot, view):
            await self._answering.reply(spot, reply)

    async def _open(self, spot: Spot, form: Form, said: Invocation) -> None:
        if await self._modals.open(spot, form_view(form, spot.origin, self._desk.command(form.invoke.path))):
            return
        blocks: list[Block] = [Heading(strings.slack.TOO_LATE, level=3)]
        if len(encode(said)) <= CODE_LIMIT:
            blocks.append(Actions((Button(strings.slack.GO_ON, said),)))
        late = Document(summary=strings.slack.TOO_LATE, blocks=tuple(blocks))
        await self._answering.reply(spot, Reply(document=late, private=True))

    async def _form(self, spot: Spot, form: SentForm, said: Invocation) -> None:
        answer = await self._asked(spot, said, quietly=True)
        after = form.after(answer, spot)
        if form.late:
            latest = after or answer_view(Document(strings.slack.DONE, ()), form.title)
            await self._modals.update(spot.team, {"id": form.view["id"]}, latest)
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


async def _acknowledge(ack: Ack) -> None:
    await ack()
