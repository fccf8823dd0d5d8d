"""The command desk: who may say what, and what they hear."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from adapters.storage import SqlDatabase
from bot.app.commands.asked import Asked, Completing, Completion, Handler, Member, Place
from bot.app.commands.desk import CommandDesk
from bot.core.command.command import Command, Kind, Parameter
from bot.core.command.invocation import Invocation, invocation
from bot.core.community import LOCAL, MemberId, Role
from bot.core.errors import InputError, StoreBusy
from bot.core.message.document import Answer, Document, Reply
from bot.core.message.notice import notice_document
from tests.factories import new_community

HERE = Place(platform="console", address="stdout")
ANN = Member(id=MemberId("ann"), name="Ann")

PARAMETER = Parameter(name="words", kind=Kind.TEXT, about="search words", required=True, rest=True)
SHARE = Parameter(name="share", kind=Kind.SWITCH)
ECHO = Command(path=("echo",), examples=("echo a",), parameters=(PARAMETER, SHARE), private=True)
EDIT = Command(path=("edit",), examples=("edit",), role=Role.EDITOR)
FIND = Command(
    path=("find",),
    examples=("find games",),
    parameters=(
        Parameter(name="desk", kind=Kind.DESK),
        Parameter(name="order", kind=Kind.CHOICE, choices=("newest", "oldest")),
    ),
)


async def echo(asked: Asked) -> Answer:
    return Reply(document=notice_document(asked.arguments.needed("words"), []))


async def plain(_asked: Asked) -> Answer:
    return Reply(document=notice_document("done", []))


def desk(database: SqlDatabase, **handlers: Handler) -> CommandDesk:
    async def desks(completing: Completing) -> list[Completion]:
        return [Completion(f"{completing.typed}mes", "games")]

    named: Mapping[tuple[str, ...], Handler] = {
        ("echo",): handlers.get("echo", echo),
        ("edit",): plain,
        ("find",): plain,
    }
    return CommandDesk(database, (ECHO, EDIT, FIND), named, {Kind.DESK: desks})


async def heard(database: SqlDatabase, said: Invocation, member: Member = ANN, **handlers: Handler) -> Reply:
    answer = await desk(database, **handlers).answer(LOCAL, member, HERE, said)
    assert isinstance(answer, Reply)
    return answer


@pytest.fixture(autouse=True)
async def known(sqlite: SqlDatabase) -> None:
    async with sqlite.begin() as tx:
        await tx.communities.ensure(new_community(LOCAL))


async def test_a_private_commands_answer_is_for_whoever_asked(sqlite: SqlDatabase) -> None:
    assert await heard(sqlite, invocation("echo", words="a")) == Reply(document=notice_document("a", []), private=True)


async def test_it_is_for_everybody_where_it_is_shared(sqlite: SqlDatabase) -> None:
    assert not (await heard(sqlite, invocation("echo", words="a", share="yes"))).private


async def test_a_member_may_not_say_what_is_for_editors_even_by_an_old_button(sqlite: SqlDatabase) -> None:
    answer = await heard(sqlite, invocation("edit"))
    assert answer.private
    assert "is for an editor or a manager" in answer.document.summary


async def test_a_role_given_by_the_community_counts(sqlite: SqlDatabase) -> None:
    async with sqlite.begin() as tx:
        await tx.communities.set_role(LOCAL, ANN.id, Role.EDITOR)
    assert (await heard(sqlite, invocation("edit"))).document.summary == "done"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (invocation("gone"), "There is no command 'gone'"),
        (invocation("echo"), "`echo` needs words"),
        (invocation("echo", words="a", colour="red"), "has no 'colour'"),
    ],
)
async def test_what_is_wrong_is_said_to_whoever_asked_alone(sqlite: SqlDatabase, said: Invocation, why: str) -> None:
    answer = await heard(sqlite, said)
    assert answer.private
    assert why in answer.document.summary


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (InputError("there is no such story"), "there is no such story"),
        (StoreBusy("locked"), "try again in a minute"),
        (RuntimeError("secret words"), "a fault in Slugline"),
    ],
)
async def test_trouble_becomes_an_answer_and_a_bug_shows_nothing_of_itself(
    sqlite: SqlDatabase, trouble: Exception, why: str
) -> None:
    async def fail(_asked: Asked) -> Answer:
        raise trouble

    answer = await heard(sqlite, invocation("echo", words="a"), echo=fail)
    assert why in answer.document.summary
    assert "secret" not in answer.document.summary


async def test_how_it_goes_is_told_while_a_slow_answer_is_made(sqlite: SqlDatabase) -> None:
    told: list[str] = []

    async def tell(document: Document) -> None:
        told.append(document.summary)

    async def slow(asked: Asked) -> Answer:
        await asked.tell(notice_document("Looking", []))
        return await echo(asked)

    await desk(sqlite, echo=slow).answer(LOCAL, ANN, HERE, invocation("echo", words="a"), tell)
    assert told == ["Looking"]


async def test_names_are_completed_by_their_kind_and_choices_by_themselves(sqlite: SqlDatabase) -> None:
    made = desk(sqlite)
    assert await made.complete(LOCAL, ANN, ("find",), "desk", "ga") == [Completion("games", "games")]
    assert await made.complete(LOCAL, ANN, ("find",), "order", "NEW") == [Completion("newest", "newest")]
    assert await made.complete(LOCAL, ANN, ("find",), "nothing", "x") == []
    assert await made.complete(LOCAL, ANN, ("gone",), "x", "x") == []


def test_a_command_that_nobody_answers_cannot_be_listed(sqlite: SqlDatabase) -> None:
    with pytest.raises(ValueError, match="edit"):
        CommandDesk(sqlite, (ECHO, EDIT), {("echo",): echo}, {})
