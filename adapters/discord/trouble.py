"""What is wrong with the installation itself, as far as Discord is concerned: nothing that trying again would mend."""

from __future__ import annotations

from bot.core.errors import SettingsError

TOKEN, APPLICATION, SHARDS = "SLUGLINE_DISCORD_TOKEN", "SLUGLINE_DISCORD_APP_ID", "SLUGLINE_DISCORD_SHARDS"
PORTAL = "https://discord.com/developers/applications"


class Misconfigured(SettingsError):
    """Discord will not let us in until a person changes something; says what. Never holds a token."""


class TokenRefused(Misconfigured):
    def __init__(self) -> None:
        super().__init__(
            TOKEN,
            "Discord does not take it: it is wrong, or was replaced or revoked",
            f"make a new one on the page Bot of your application ({PORTAL})",
        )


class OtherApplication(Misconfigured):
    """`expected` is said by `whose`."""

    def __init__(self, *, expected: int, found: int, whose: str) -> None:
        super().__init__(
            TOKEN,
            f"it is of the application {found}, but {whose} {expected}",
            f"set the token of that one, or {APPLICATION}={found} where the change is meant",
        )


CLOSED = {
    4004: (TOKEN, "", ""),
    4010: (SHARDS, "there is no such shard", "it takes shards of one number, such as 0-3/16"),
    4011: (SHARDS, "the application is on too many servers for so few shards", "it takes more, such as 0-15/16"),
    4012: (TOKEN, "Discord does not speak to this version any more", "update Slugline"),
    4013: (TOKEN, "Discord does not know what this version asks to hear", "update Slugline"),
    4014: (TOKEN, "its application may not hear of servers", f"check its page Bot ({PORTAL})"),
}
"""Discord's close codes after which connecting again is useless: which setting, what is wrong, what to do."""


def closed(code: int) -> Misconfigured:
    return TokenRefused() if code == 4004 else Misconfigured(*CLOSED[code])
