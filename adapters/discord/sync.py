"""Which application this is, and what it has registered: told to Discord only when something changed.

Registering is slow for Discord, limited, and makes clients fetch their menus anew. So the store keeps a fingerprint of
what was registered last, for each application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from adapters.discord.commands import fingerprint
from adapters.discord.marks import OURS, VERIFY_KEY
from adapters.discord.rest import Rest
from adapters.discord.trouble import APPLICATION, OtherApplication
from bot.app.ports import Database

log = structlog.get_logger(__name__)


async def check_application(rest: Rest, database: Database, expected: int | None) -> None:
    """That the token is of the application that was `expected`, or else of the one that the store knows: with another
    one's, every server would seem left and no message could be edited. Raises `OtherApplication`."""
    found = rest.application
    if expected is not None and expected != found:
        raise OtherApplication(expected=expected, found=found, whose=f"{APPLICATION} is")
    async with database.begin() as tx:
        known = await tx.marks.get(OURS)
        if known is None or expected is not None:
            await tx.marks.put(OURS, str(found))
        elif known != str(found):
            raise OtherApplication(expected=int(known), found=found, whose="this installation's messages are of")
        if await tx.marks.get(VERIFY_KEY) != rest.verify_key:  # for whoever hears Discord over HTTP
            await tx.marks.put(VERIFY_KEY, rest.verify_key)


async def sync(rest: Rest, database: Database, payload: Sequence[Mapping[str, Any]]) -> bool:
    """Register the commands where they changed; whether they were. What Discord does not take is logged, and those that
    are registered stay."""
    name, wanted = f"discord:{rest.application}:commands", fingerprint(payload)
    async with database.read() as tx:
        if await tx.marks.get(name) == wanted:
            return False
    path = "/applications/{application_id}/commands"
    answer = await rest.ask("PUT", path, payload, application_id=rest.application)
    if not answer.ok:
        log.error("Discord does not take the commands", status=answer.status, reason=answer.message)
        return False
    async with database.begin() as tx:
        await tx.marks.put(name, wanted)
    log.info("commands registered with Discord", commands=len(payload))
    return True
