"""Pictures within messages: Slack shows a file of ours in a block once it has it and we know its id for it."""

from __future__ import annotations

from adapters.slack.api import Api
from adapters.slack.render import Json, Part
from bot.core.message.document import Document, Picture


async def with_pictures(api: Api, team: str, drawn: Part, document: Document) -> list[Json]:
    """The part's blocks with the ids that Slack gave its pictures, which are handed over first and shared with nobody
    yet. Raises as `Api.upload` does."""
    named = {block["slack_file"]["name"] for block in drawn.blocks if "name" in block.get("slack_file", {})}
    if not named:
        return list(drawn.blocks)
    files = [file for file in document.files if file.name in named]
    alts = {each.file: each.alt for each in document.blocks if isinstance(each, Picture)}
    ids = await api.upload(team, files, alts=alts)
    return [
        {**block, "slack_file": {"id": ids[block["slack_file"]["name"]]}}
        if block.get("slack_file", {}).get("name") in ids
        else block
        for block in drawn.blocks
    ]


def pictured(document: Document) -> frozenset[str]:
    """Names of the files that are shown in place."""
    return frozenset(block.file for block in document.blocks if isinstance(block, Picture))
