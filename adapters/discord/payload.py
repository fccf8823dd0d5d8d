"""A part as Discord takes it over the wire: its components, its files, whom it mentions, and its mark.

Discord keeps no nonce with a message, so a message that is looked for later must carry its part's id in itself. Its
first component's `id` does that: a number of ours that nobody sees, which Discord keeps and gives back.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from adapters.discord.rest import Upload
from bot.core.outbox import PartId

COMPONENTS_V2 = 1 << 15
"""The message flag; it cannot be taken back by an edit (platforms.md)."""
COMPONENTS_LIMIT = 40
TEXT_DISPLAY = 10
ALT_LIMIT = 1024
"""Characters of an attachment's description."""
NOBODY: Mapping[str, Any] = {"parse": []}
"""Allowed mentions: none, whatever the text holds."""


class Part(Protocol):
    """One message of a document, drawn: `adapters.discord.render` makes them."""

    @property
    def view(self) -> discord.ui.LayoutView: ...
    @property
    def files(self) -> Sequence[discord.File]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`body` is JSON but for what depends on how it is sent (a nonce, a thread's name)."""

    body: Mapping[str, Any]
    files: tuple[Upload, ...] = ()


def mark(part_id: PartId) -> int:
    """The number that marks that part's message: 31 bits, never 0, which Discord replaces by one of its own."""
    return zlib.crc32(part_id.encode()) & 0x7FFFFFFF or 1


def message(part: Part, *, mention: str | None = None, part_id: PartId | None = None) -> Message:
    """`mention` is a role's id: the only one whom the message may mention."""
    components: list[dict[str, Any]] = part.view.to_components()  # type: ignore[no-untyped-call]
    if mention is not None:
        _mention(components, f"<@&{mention}>")
    if part_id is not None and components:
        components[0]["id"] = mark(part_id)
    uploads = tuple(_upload(each) for each in part.files)
    body: dict[str, Any] = {
        "components": components,
        "flags": COMPONENTS_V2,
        "allowed_mentions": dict(NOBODY) if mention is None else {"parse": [], "roles": [mention]},
    }
    if uploads:
        body["attachments"] = [_attachment(number, each) for number, each in enumerate(uploads)]
    return Message(body=body, files=uploads)


def carries(found: Mapping[str, Any], part_id: PartId) -> bool:
    """Whether a message that Discord gave back has that part's mark."""
    components: Sequence[Mapping[str, Any]] = found.get("components") or []
    return bool(components) and components[0].get("id") == mark(part_id)


def _mention(components: list[dict[str, Any]], said: str) -> None:
    """Above everything, or, where no further component has room, before the first text."""
    everything = list(_all(components))
    if len(everything) < COMPONENTS_LIMIT:
        components.insert(0, {"type": TEXT_DISPLAY, "content": said})
        return
    first = next(each for each in everything if each["type"] == TEXT_DISPLAY)
    first["content"] = f"{said}\n{first['content']}"


def _all(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in components:
        yield each
        yield from _all(each.get("components") or ())
        if isinstance(accessory := each.get("accessory"), dict):
            yield accessory


def _upload(file: discord.File) -> Upload:
    file.fp.seek(0)
    return Upload(name=file.filename, content=file.fp.read(), alt=file.description or "")


def _attachment(number: int, upload: Upload) -> dict[str, Any]:
    said: dict[str, Any] = {"id": str(number), "filename": upload.name}
    if upload.alt:
        said["description"] = upload.alt[:ALT_LIMIT]
    return said
