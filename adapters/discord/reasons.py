"""What an answer of Discord's means for a delivery."""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.discord.rest import Answer
from bot.core import strings
from bot.core.delivery import Deferred, Refused, Unsure

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10003, 10004, 10008
NOT_OURS = 50005  # "Cannot edit a message authored by another user"
NO_PRIVATE_MESSAGES = 50007
NOT_A_TEXT_CHANNEL = 50008
ARCHIVED = 50083
THREAD_EXISTS = 160004
LOCKED = 160005
TAG_NEEDED = 40067
NO_REPLIES = 160002  # "Cannot reply without permission to read message history"
"""Codes of Discord's errors, from its documentation (Opcodes and Status Codes)."""
TOKEN_PAUSE = timedelta(minutes=10)
"""Before anything is asked again with a token that Discord does not take: 10,000 such answers in ten minutes block this
machine's address (platforms.md)."""


def outcome(answer: Answer, now: datetime, *, denied: str) -> Refused | Deferred | Unsure:
    """For an answer that is no success. `denied` is what is said of a 403: which permission is missing."""
    said = strings.discord
    match answer:
        case Answer(status=429):
            return Deferred(until=now + timedelta(seconds=answer.retry_after), reason=said.ROUTE_FULL)
        case Answer(status=401):
            return Deferred(until=now + TOKEN_PAUSE, reason=said.TOKEN_REFUSED)
        case Answer(status=403, code=code) if code == NO_PRIVATE_MESSAGES:
            return Refused(reason=said.NO_PRIVATE_MESSAGES, gone=True)
        case Answer(status=403, code=code) if code == NOT_OURS:
            return Refused(reason=answer.message)
        case Answer(status=403):
            return Refused(reason=denied, gone=True)
        case Answer(status=404, code=code) if code == UNKNOWN_MESSAGE:
            return Refused(reason=said.MESSAGE_DELETED, deleted=True)
        case Answer(status=404, code=code) if code == UNKNOWN_GUILD:
            return Refused(reason=said.NO_SERVER, gone=True)
        case Answer(status=404):
            return Refused(reason=said.NO_CHANNEL, gone=True)
        case Answer(code=code) if code in (ARCHIVED, LOCKED):
            return Refused(reason=said.THREAD_LOCKED, gone=True)
        case Answer(code=code) if code == TAG_NEEDED:
            return Refused(reason=said.NEEDS_TAG, gone=True)
        case Answer(code=code) if code == NOT_A_TEXT_CHANNEL:
            return Refused(reason=said.NO_TEXT_CHANNEL, gone=True)
        case Answer(status=status) if status >= 500:
            return Unsure(reason=said.answered(answer.message))
        case _:
            return Refused(reason=said.not_taken(answer.message), content=answer.status in (400, 413))
