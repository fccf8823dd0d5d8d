"""What a command is: its words, its parameters, who may say it, and how its answer is shown.

The one set (`bot.core.command.set`) is data. A terminal makes its prompt of it, Discord its slash commands, Slack its
parser and modals, `help` its pages; what a command *does* stands in `bot.app.commands`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.core import strings
from bot.core.community import Role


class Kind(StrEnum):
    """What a parameter takes, and what it becomes (binding.py)."""

    TEXT = "text"  # str, stripped, not empty
    NUMBER = "number"  # int within `least` and `most`
    CHOICE = "choice"  # str, one of `choices`
    SWITCH = "switch"  # bool
    SPAN = "span"  # timedelta: 12h, 30d
    ADDRESS = "address"  # str, an absolute http(s) address
    # Names of things that a community has: str, resolved by the command; the completion knows them.
    STORY = "story"
    OUTLET = "outlet"
    DESK = "desk"
    FEED = "feed"
    WATCH = "watch"
    SCHEDULE = "schedule"
    DRAFT = "draft"  # of a story, under review
    PACK = "pack"
    ENTRY = "entry"  # of a pack: a guild, a bill, a case
    ZONE = "zone"
    ENGINE = "engine"
    PLACE = "place"  # a channel of the platform, by its own id
    ROLE = "role"  # a role of the platform's, to be mentioned
    MEMBER = "member"  # a person on the platform, by its own id

    @property
    def completes(self) -> bool:
        """Whether names of it can be completed while they are typed."""
        return self not in _PLAIN


_PLAIN = frozenset(
    {
        *(Kind.TEXT, Kind.NUMBER, Kind.CHOICE, Kind.SWITCH, Kind.SPAN, Kind.ADDRESS),
        *(Kind.PLACE, Kind.ROLE, Kind.MEMBER),  # a platform completes its own
    }
)

TEXT_LIMIT = 3000
"""Characters of an argument, where its parameter says nothing else: what a form's field takes on every platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """`about` names its help line in the catalogue, "" for the one under its own name. `rest` takes all that is left of
    a typed line, quotes and all; only the last parameter that is not named may be. A parameter that is not `required`
    and was not given has no value; `placed`, it may be said without its name all the same, after what is needed."""

    name: str
    kind: Kind
    about: str = ""
    required: bool = False
    rest: bool = False
    placed: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = TEXT_LIMIT

    @property
    def help(self) -> str:
        """A line on what it is."""
        return strings.commands.PARAMETERS[self.about or self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`role` is the least that may say it. `private`: its answer is for whoever asked alone. `slow`: it fetches or
    thinks, so a platform acknowledges first and the answer follows. `examples` are typed lines without the prefix."""

    path: tuple[str, ...]
    examples: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    role: Role = Role.MEMBER
    private: bool = False
    slow: bool = False

    @property
    def name(self) -> str:
        """Its words, such as "watch add"."""
        return " ".join(self.path)

    @property
    def help(self) -> str:
        """A line on what it does."""
        return strings.commands.COMMANDS[self.name]

    @property
    def usage(self) -> str:
        """Its words and parameters, those that may be left out in brackets: "search WORDS [since]"."""
        return " ".join([self.name, *(_usage(parameter) for parameter in self.parameters)])

    def parameter(self, name: str) -> Parameter | None:
        return next((one for one in self.parameters if one.name == name), None)


def _usage(parameter: Parameter) -> str:
    return parameter.name.upper() if parameter.required else f"[{parameter.name}]"
