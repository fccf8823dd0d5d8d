"""What is wrong with the installation itself, as far as Discord is concerned: nothing that trying again would mend."""

from __future__ import annotations

from bot.core.errors import InputError

TOKEN, APPLICATION, SHARDS = "SLUGLINE_DISCORD_TOKEN", "SLUGLINE_DISCORD_APP_ID", "SLUGLINE_DISCORD_SHARDS"
PORTAL = "https://discord.com/developers/applications"


class Misconfigured(InputError):
    """Discord will not let us in until a person changes something; says what. Never holds a token."""


class TokenRefused(Misconfigured):
    def __init__(self) -> None:
        super().__init__(
            f"Discord does not take {TOKEN}: it is wrong, or was replaced or revoked. Make a new one on the page Bot of"
            f" your application ({PORTAL}), and set it"
        )


class OtherApplication(Misconfigured):
    """`expected` is said by `whose`."""

    def __init__(self, *, expected: int, found: int, whose: str) -> None:
        super().__init__(
            f"{TOKEN} is of the application {found}, but {whose} {expected}: set the token of that one, or"
            f" {APPLICATION}={found} where the change is meant"
        )


CLOSED = {
    4004: f"it does not take {TOKEN} any more",
    4010: f"there is no such shard: check {SHARDS}",
    4011: f"the application is on so many servers that it must run in shards: set {SHARDS}",
    4012: "this version of its interface is over: update Slugline",
    4013: "it does not know what Slugline asks to hear: update Slugline",
    4014: "the application may not hear of its servers: its settings on Discord's page were changed",
}
"""Discord's close codes after which connecting again is useless, and why."""


def closed(code: int) -> Misconfigured:
    return TokenRefused() if code == 4004 else Misconfigured(f"Discord ended the connection: {CLOSED[code]}")
