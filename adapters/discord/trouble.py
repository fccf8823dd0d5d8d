"""What is wrong with the installation itself, as far as Discord is concerned: nothing that trying again would mend."""

from __future__ import annotations

from bot.core.errors import InputError

SETTING = "SLUGLINE_DISCORD_TOKEN"


class Misconfigured(InputError):
    """Discord will not let us in until a person changes something; says what. Never holds a token."""


class TokenRefused(Misconfigured):
    def __init__(self) -> None:
        super().__init__(
            f"Discord does not take {SETTING}: it is wrong, or was replaced or revoked. Make a new one on the page Bot"
            " of your application (https://discord.com/developers/applications) and set it"
        )


class OtherApplication(Misconfigured):
    def __init__(self, expected: int, found: int, why: str) -> None:
        super().__init__(
            f"{SETTING} is of the application {found}, but {why} {expected}: set the token of that one, or"
            f" SLUGLINE_DISCORD_APP_ID={found} where the change is meant"
        )
