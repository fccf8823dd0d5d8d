"""What the played Discord refuses, as Discord does, and how it says so."""

from __future__ import annotations

from typing import Any

from tests.platforms.discord_world import walk


class DiscordError(Exception):
    def __init__(self, status: int, code: int, message: str, errors: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message} | ({"errors": errors} if errors else {})


def named(body: Any) -> str:
    name = str(body.get("name", ""))
    if not 1 <= len(name) <= 100:
        raise invalid("name", "Must be between 1 and 100 in length.")
    return name


def checked(body: Any, flags: int = 0) -> None:
    """As Discord checks a message."""
    flags |= body.get("flags") or 0
    components = body.get("components") or []
    if len(body.get("nonce") or "") > 25:
        raise invalid("nonce", "Must be 25 or fewer in length.")
    if not flags & (1 << 15):
        if not body.get("content") and not components and not body.get("attachments") and not body.get("embeds"):
            raise DiscordError(400, 50006, "Cannot send an empty message")
        if len(body.get("content") or "") > 2000:
            raise invalid("content", "Must be 2000 or fewer in length.")
        return
    if body.get("content") or body.get("embeds"):
        raise invalid("content", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
    if not components:
        raise DiscordError(400, 50006, "Cannot send an empty message")
    everything = list(walk(components))
    if len(everything) > 40:
        raise invalid("components", "There are more than 40 components.")
    if sum(len(each.get("content") or "") for each in everything) > 4000:
        raise invalid("components", "The total length of text is above 4000.")
    given = [each["id"] for each in everything if each.get("id")]
    if len(set(given)) < len(given):
        raise invalid("components", "Component ids must be unique.")


def invalid(field_: str, message: str) -> DiscordError:
    errors = {field_: {"_errors": [{"code": "INVALID", "message": message}]}}
    return DiscordError(400, 50035, "Invalid Form Body", errors)
