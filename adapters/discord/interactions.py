"""What members do with Slugline on Discord: commands, names being typed, buttons, selects and forms, all answered here.

Everything becomes an `Invocation` and goes to the command desk, which binds and authorises it, whoever made it and
however old the button is. Nothing is remembered of what was sent, so a restart changes nothing for anybody.

An answer that is there soon is given at once, since a form can be shown only as the first word; else the interaction is
acknowledged after a moment, whatever the store does, and the answer follows. What takes longer than Discord's fifteen
minutes comes as a private message, which is said before the time is over.

Two processes hear the same interaction where both have its shard, as when one takes over from the other: the store says
whose it is (`once`), where several processes share one.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord
import structlog

from adapters.discord import commands, links
from adapters.discord.addresses import server_community
from adapters.discord.asker import Askers, added_to, manages
from adapters.discord.custom_id import custom_id, said_by
from adapters.discord.exchange import NOBODY, Exchange
from adapters.discord.forms import filled
from adapters.discord.render import cut, parts
from bot.app.commands.asked import Completion
from bot.app.commands.desk import CommandDesk
from bot.app.greeting import Greeting
from bot.app.once import Once
from bot.app.ports import Clock, Database
from bot.core import strings
from bot.core.command.command import Command, Kind
from bot.core.command.invocation import Invocation
from bot.core.errors import InputError, StoreError
from bot.core.message.document import Actions, Answer, Ask, Button, Document, Form, Heading, Reply
from bot.core.message.notice import error_document

PATIENCE = 1.5
"""Seconds that an answer may take before the interaction is acknowledged without it; Discord waits three."""
SURE_WITHIN = 0.5
"""Seconds of them that are waited for the store to say whose an interaction is, before it is acknowledged at all."""
TYPING_PATIENCE = 0.3
"""Seconds that names may take while somebody types; then there are none."""
LONGEST = 14 * 60.0
"""Seconds of follow-ups that we count on, of the fifteen minutes that Discord gives."""
REMEMBERED = 10_000
"""Interactions whose second delivery is recognised."""
FORMS_KEPT = 1000
"""Forms that came too late to be shown and wait for a button."""
STRAGGLERS = 20
"""Completions that may still be under way when nobody waits for them any more; with more, nothing is looked up."""
CHOICE_LIMIT = 100
"""Characters of a completion's label and of its value."""

SETUP = ("setup",)
UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, ALREADY_ACKNOWLEDGED = 10062, 10015, 40060
"""Codes of Discord's errors: its time is over, likewise, and somebody was faster."""

log = structlog.get_logger(__name__)


class Interactions:
    """`handle` is for a client's `on_interaction`; it needs no intents, no command tree and no views."""

    def __init__(
        self,
        desk: CommandDesk,
        database: Database,
        clock: Clock,
        *,
        patience: float = PATIENCE,
        typing_patience: float = TYPING_PATIENCE,
        longest: float = LONGEST,
        acknowledged: Callable[[float], None] = lambda seconds: None,
        once: Once | None = None,
        greeting: Greeting | None = None,
    ) -> None:
        """The times are in seconds. `acknowledged` is called with how long each interaction waited for its first
        word; `greeting` is for whoever manages a server where nobody was greeted."""
        self._once = once
        self._greeting = greeting
        self._acknowledged = acknowledged
        self._desk = desk
        self._askers = Askers(database, clock)
        self._patience = patience
        self._typing_patience = typing_patience
        self._longest = longest
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._forms: OrderedDict[tuple[int, str], Form] = OrderedDict()
        self._stragglers: set[asyncio.Task[list[Completion]]] = set()
        self._running: set[asyncio.Task[Any]] = set()

    async def handle(self, interaction: discord.Interaction) -> None:
        """Answer it, once however often it is delivered. Never raises."""
        if interaction.id in self._seen:
            return
        _remember(self._seen, interaction.id, None, REMEMBERED)
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._handle(interaction)
        except discord.HTTPException as error:
            if error.code in (UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK, ALREADY_ACKNOWLEDGED):
                log.info("an interaction was over before its answer", code=error.code)
            else:
                log.warning("Discord refused an answer", status=error.status, code=error.code, error=str(error))
        except Exception:
            log.exception("an interaction failed")
        finally:
            self._running.discard(task)

    async def drain(self, seconds: float) -> None:
        """Let what is being answered be answered, for that long."""
        if self._running:
            await asyncio.wait(set(self._running), timeout=seconds)

    async def _handle(self, interaction: discord.Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._complete(interaction, data)
            case discord.InteractionType.application_command if (
                data.get("type", 1) == discord.AppCommandType.message.value
            ):
                await self._analyse(interaction, data)
            case discord.InteractionType.application_command:
                await self._answer(interaction, commands.said(data))
            case discord.InteractionType.component:
                await self._pressed(interaction, data)
            case discord.InteractionType.modal_submit:
                try:
                    said = filled(data)
                except ValueError:
                    await self._old(interaction)
                else:
                    await self._answer(interaction, said)
            case _:
                log.info("an interaction of an unknown kind", kind=interaction.type.name)

    # --- names while they are typed ---------------------------------------------------------------------------

    async def _complete(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        found: Iterable[Completion] = ()
        typed = commands.typing(data)
        if typed is not None and len(self._stragglers) < STRAGGLERS:
            looking = asyncio.create_task(self._names(interaction, typed))
            done, _ = await asyncio.wait({looking}, timeout=self._typing_patience)
            if done:
                found = looking.result()
            else:  # let it end by itself: a read that is torn off costs the store a connection
                self._stragglers.add(looking)
                looking.add_done_callback(self._stragglers.discard)
        choices = [
            discord.app_commands.Choice(name=cut(one.label, CHOICE_LIMIT), value=one.value)
            for one in found
            if 1 <= len(one.value) <= CHOICE_LIMIT
        ]
        await interaction.response.autocomplete(choices)

    async def _names(self, interaction: discord.Interaction, typed: commands.Typing) -> list[Completion]:
        try:
            asker = await self._askers.of(interaction)
            return await self._desk.complete(asker.community, asker.member, typed.path, typed.parameter, typed.typed)
        except (InputError, StoreError):
            return []
        except Exception:
            log.exception("a completion failed", command=" ".join(typed.path))
            return []

    # --- commands, buttons, forms -----------------------------------------------------------------------------

    async def _pressed(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        code = str(data.get("custom_id", ""))
        try:
            said = said_by(code, data.get("values") or ())
        except ValueError:
            await self._old(interaction)
            return
        form = self._forms.pop((interaction.user.id, custom_id(said)), None) if not data.get("values") else None
        if form is not None and await self._exchange(interaction, private=True).ask(form, self._kinds(form)):
            return
        shown = [one.to_dict() for one in interaction.message.components] if interaction.message is not None else []
        await self._answer(interaction, links.chosen_link(said, {"components": shown}))

    async def _analyse(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        messages = data.get("resolved", {}).get("messages", {})
        found = links.links_in(messages.get(str(data.get("target_id")), {}))
        if len(found) == 1:
            await self._answer(interaction, links.analyse(found[0]))
            return
        document = links.which_link(found) if found else error_document(strings.discord.NO_LINK)
        await self._exchange(interaction, private=True).show(Reply(document=document, private=True))

    def _exchange(self, interaction: discord.Interaction, *, private: bool) -> Exchange:
        return Exchange(interaction, private=private, acknowledged=self._acknowledged)

    async def _old(self, interaction: discord.Interaction) -> None:
        document = error_document(strings.discord.OLD_BUTTON, strings.asking.HELP)
        await self._exchange(interaction, private=True).show(Reply(document=document, private=True))

    async def _answer(self, interaction: discord.Interaction, said: Invocation) -> None:
        began = asyncio.get_running_loop().time()
        ours = asyncio.create_task(self._is_ours(interaction))
        await asyncio.wait({ours}, timeout=min(SURE_WITHIN, self._patience))
        if ours.done() and not ours.result():
            return
        command = self._desk.command(said.path)
        exchange = self._exchange(interaction, private=_is_private(command, said))
        asking = asyncio.create_task(self._ask(interaction, said, exchange, ours))
        turns = said.given("page") is not None
        at_once = command is not None and command.slow and not turns
        done: set[asyncio.Task[Answer | None]] = set()
        if not at_once:
            left = began + self._patience - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait({asking}, timeout=max(0.0, left))
        if not done:
            await _within_reason(exchange.wait(quietly=not at_once))
            done, _ = await asyncio.wait({asking}, timeout=self._longest)
        if not done:
            await _within_reason(exchange.show(_note(strings.discord.TAKES_LONG)))
            if (late := await asking) is not None:
                await self._privately(interaction, late)
            return
        if (answer := asking.result()) is not None:
            await self._show(interaction, exchange, answer)
            if isinstance(answer, Reply):
                await self._greet(interaction, said)

    async def _is_ours(self, interaction: discord.Interaction) -> bool:
        """Where nobody can tell it is rather done twice than never."""
        if self._once is None:
            return True
        try:
            return await self._once.first(f"interaction {interaction.id}")
        except StoreError:
            return True

    async def _greet(self, interaction: discord.Interaction, said: Invocation) -> None:
        """Whoever may manage a server, below the first answer that they get there. Who sets it up knows how."""
        server = added_to(interaction)
        if self._greeting is None or server is None or not manages(interaction.permissions):
            return
        try:
            document = await self._greeting.say(server_community(server))
        except StoreError:  # with another command, then
            return
        if document is not None and said.path != SETUP:
            (part, *_) = parts(document)
            await interaction.followup.send(view=part.view, ephemeral=True, allowed_mentions=NOBODY)

    async def _ask(
        self, interaction: discord.Interaction, said: Invocation, exchange: Exchange, ours: asyncio.Task[bool]
    ) -> Answer | None:
        """None where another process answers."""
        if not await ours:
            return None
        try:
            asker = await self._askers.of(interaction)
            await self._askers.check_places(interaction, asker, said, self._desk.command(said.path))
        except InputError as error:
            return _failed(str(error))
        except StoreError:
            return _failed(strings.asking.BUSY)
        except Exception:
            log.exception("nobody knows who asks")
            return _failed(strings.asking.OUR_FAULT)
        return await self._desk.answer(asker.community, asker.member, asker.place, said, exchange.tell)

    async def _show(self, interaction: discord.Interaction, exchange: Exchange, answer: Answer) -> None:
        match answer:
            case Ask(form=form):
                if not await exchange.ask(form, self._kinds(form)):
                    await exchange.show(self._later(interaction.user.id, form))
            case Reply():
                try:
                    await exchange.show(answer)
                except discord.HTTPException as error:
                    if error.code in (UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED) or error.status >= 500:
                        raise
                    if error.code == UNKNOWN_WEBHOOK:
                        await self._privately(interaction, answer)
                        return
                    log.warning("Discord refused an answer", status=error.status, code=error.code, error=str(error))
                    await exchange.show(_failed(strings.asking.OUR_FAULT))

    def _kinds(self, form: Form) -> Mapping[str, Kind]:
        """Of the arguments that its fields become."""
        command = self._desk.command(form.invoke.path)
        return {} if command is None else {one.name: one.kind for one in command.parameters}

    def _later(self, user: int, form: Form) -> Reply:
        """A button for a form that came too late: Discord shows one only as the first word."""
        _remember(self._forms, (user, custom_id(form.invoke)), form, FORMS_KEPT)
        title = strings.discord.FORM_READY
        opens = Actions((Button(strings.discord.OPEN_FORM, form.invoke, "primary"),))
        return Reply(document=Document(title, (Heading(title, level=3), opens)), private=True)

    async def _privately(self, interaction: discord.Interaction, answer: Answer) -> None:
        """For whoever asked, after their interaction is over."""
        reply = self._later(interaction.user.id, answer.form) if isinstance(answer, Ask) else answer
        try:
            for part in parts(reply.document):
                await interaction.user.send(view=part.view, files=part.files, allowed_mentions=NOBODY)
        except discord.HTTPException as error:
            log.info("a late answer could not be given", status=error.status, code=error.code)


def _is_private(command: Command | None, said: Invocation) -> bool:
    """As far as that is known before the answer."""
    if command is None or not command.private:
        return command is None
    return (said.given("share") or "no").casefold() not in ("yes", "y", "on", "true", "1")


def _failed(message: str) -> Reply:
    return Reply(document=error_document(message), private=True)


def _note(text: str) -> Reply:
    return Reply(document=Document(text, (Heading(text, level=3),)), private=True)


async def _within_reason(speaking: Any) -> None:
    """Discord may have lost patience; the answer is tried all the same."""
    try:
        await speaking
    except discord.HTTPException as error:
        log.info("Discord did not take a word in between", status=error.status, code=error.code)


def _remember(held: OrderedDict[Any, Any], key: Any, value: Any, most: int) -> None:
    held[key] = value
    while len(held) > most:
        held.popitem(last=False)
