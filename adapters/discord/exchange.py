"""How one interaction is answered: at once, or acknowledged first and then by follow-ups.

Discord waits three seconds for a first word and takes follow-ups for fifteen minutes (platforms.md). Which first word
is right depends on what comes: a form can only be the first one, a message that is acknowledged in private stays
private, and what was pressed may be replaced only where it was acknowledged so. `Exchange` keeps track of what was
said and makes the best of it; callers just say what they have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import discord

from adapters.discord.forms import modal
from adapters.discord.render import Part, parts
from bot.core import strings
from bot.core.command.command import Kind
from bot.core.message.document import Document, Form, Reply
from bot.core.message.notice import notice_document

NOBODY = discord.AllowedMentions.none()
TELLS_APART = 1.5
"""Seconds between two words on how it goes: enough to be seen, and few enough edits."""


class Exchange:
    """`private` is whether the answer will be for whoever asked alone, as far as that is known before. `acknowledged`
    is called with the seconds until the first word."""

    def __init__(
        self,
        interaction: discord.Interaction,
        *,
        private: bool,
        acknowledged: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._interaction = interaction
        self._private = private
        self._said: Literal["nothing", "wait", "update"] = "nothing"
        self._progress: discord.WebhookMessage | None = None
        self._told_at = float("-inf")
        self._order = asyncio.Lock()
        self._began = asyncio.get_running_loop().time()
        self._acknowledged = acknowledged

    @property
    def _channel(self) -> int | None:
        """Where a server's channels can be chosen: the one where this happens."""
        return None if self._interaction.guild_id is None else self._interaction.channel_id

    @property
    def acknowledged(self) -> bool:
        return self._said != "nothing"

    async def wait(self, *, quietly: bool = False) -> None:
        """Say that an answer will come, if nothing was said yet. `quietly` where something was pressed and the answer
        may take its place: nothing is shown meanwhile."""
        async with self._order:
            await self._wait(quietly=quietly)

    async def tell(self, document: Document) -> None:
        """How it goes, in place of what was told before; seldom enough, and never worth a failure."""
        async with self._order:
            now = asyncio.get_running_loop().time()
            if now - self._told_at < TELLS_APART:
                return
            self._told_at = now
            await self._wait(quietly=False)
            part = parts(document)[0]
            try:
                if self._said == "wait":
                    await self._interaction.edit_original_response(view=part.view, allowed_mentions=NOBODY)
                elif self._progress is None:
                    self._progress = await self._follow(part, private=self._private)
                else:
                    await self._progress.edit(view=part.view, allowed_mentions=NOBODY)
            except discord.HTTPException:
                return

    async def ask(self, form: Form, kinds: Mapping[str, Kind]) -> bool:
        """Show a form, whose fields are of these kinds; False where something was said already: then Discord shows
        none."""
        async with self._order:
            if self.acknowledged:
                return False
            await self._interaction.response.send_modal(modal(form, kinds, self._channel))
            self._say("update")
            return True

    async def show(self, reply: Reply) -> None:
        """The answer, in as many messages as it takes."""
        drawn = parts(reply.document)
        async with self._order:
            replaced = reply.replaces and self._may_replace(private=reply.private)
            if self._said == "nothing":
                await self._first(drawn[0], private=reply.private, replaced=replaced)
            elif self._said == "wait":
                await self._instead_of_waiting(drawn[0], private=reply.private)
            elif replaced:
                await self._edit(drawn[0])
            elif self._progress is not None:
                await self._progress.edit(view=drawn[0].view, attachments=list(drawn[0].files), allowed_mentions=NOBODY)
            else:
                await self._follow(drawn[0], private=reply.private)
            for part in drawn[1:]:
                await self._follow(part, private=reply.private)

    def _may_replace(self, *, private: bool) -> bool:
        """What everybody sees is not replaced by what is for one of them."""
        message = self._interaction.message
        if message is None or self._said == "wait":
            return False
        return message.flags.ephemeral or not private or self._interaction.guild_id is None

    async def _wait(self, *, quietly: bool) -> None:
        if self.acknowledged:
            return
        pressed = self._interaction.type is discord.InteractionType.component
        if quietly and pressed:
            await self._interaction.response.defer()
            self._say("update")
        else:
            await self._interaction.response.defer(ephemeral=self._private, thinking=True)
            self._say("wait")

    def _say(self, what: Literal["wait", "update"]) -> None:
        if not self.acknowledged:
            self._acknowledged(asyncio.get_running_loop().time() - self._began)
        self._said = what

    async def _first(self, part: Part, *, private: bool, replaced: bool) -> None:
        response = self._interaction.response
        if replaced:
            await response.edit_message(view=part.view, attachments=list(part.files), allowed_mentions=NOBODY)
        else:
            await response.send_message(view=part.view, files=part.files, ephemeral=private, allowed_mentions=NOBODY)
        self._say("update")

    async def _instead_of_waiting(self, part: Part, *, private: bool) -> None:
        """What was acknowledged in private cannot be shown to all, nor the reverse. Then the first word is taken back
        after the answer: while it waits, Discord would take that for its end."""
        if private == self._private:
            await self._edit(part)
            return
        (moved, *_) = parts(notice_document(strings.discord.ANSWERED_BELOW, []))
        await self._edit(moved)
        await self._follow(part, private=private)
        await self._interaction.delete_original_response()

    async def _edit(self, part: Part) -> None:
        await self._interaction.edit_original_response(
            view=part.view, attachments=list(part.files), allowed_mentions=NOBODY
        )

    async def _follow(self, part: Part, *, private: bool) -> discord.WebhookMessage:
        files: Sequence[discord.File] = part.files
        return await self._interaction.followup.send(
            view=part.view, files=files, ephemeral=private, allowed_mentions=NOBODY, wait=True
        )
