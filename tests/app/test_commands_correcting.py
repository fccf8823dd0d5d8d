"""The corrections log, and what an editor decides about a sentence that was posted."""

from __future__ import annotations

from dataclasses import replace

from bot.app.ports import Stage
from bot.core.correction.correction import Cause
from bot.core.delivery import DigestState
from bot.core.feed import FeedId
from bot.core.message.document import Actions, Select
from bot.core.review.entry import Action
from tests.app.conversation import ANN, EDITOR, Conversation, converse, plain
from tests.app.newsroom import STRIKE, Newsroom, entry
from tests.app.test_corrections import CORRECTED, gathered, log, posted, said, says, shown
from tests.app.test_digests import DAY, NINE, digest, schedule_of
from tests.factories import GUILD, STUDIO

JOINED = "The guild said 400 screenwriters joined the strike."


async def number_of(newsroom: Newsroom, text: str) -> int:
    body, _ = await digest(newsroom.database, 1)
    (analysis,) = body.analyses
    return [claim.text for claim in analysis.claims()].index(text) + 1


async def correcting(newsroom: Newsroom) -> Conversation:
    await posted(newsroom)
    return await converse(newsroom)


async def test_an_editor_corrects_a_sentence_everywhere_it_was_posted(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    number = await number_of(newsroom, JOINED)
    told = await talk.say(
        f'review correct 1 sentence:{number} text:"The guild said some 400 writers joined." reason:"our slip"', EDITOR
    )
    assert told.startswith(f"Corrected: {STRIKE[0]}. The message will say so, with a reply beneath.")
    await newsroom.work()
    now = shown(newsroom)
    assert "The guild said some 400 writers joined." in now
    assert "An editor, Ed, corrected a sentence" in now
    assert "Reason: our slip" in now
    assert JOINED not in now
    assert said(newsroom) == ["AI and people's work", "Correction"]
    (kept,) = await log(newsroom.database)
    assert (kept.cause, kept.by, kept.reason, kept.was) == (Cause.EDITOR, "Ed", "our slip", JOINED)
    async with newsroom.database.read() as tx:
        (entry_, *_) = await tx.reviews.history(GUILD, limit=1)
    assert (entry_.action, entry_.before, entry_.digest) == (Action.CORRECTED, JOINED, 1)
    assert JOINED in await talk.say("review history", EDITOR)


async def test_without_more_said_it_shows_the_sentences_and_then_a_form(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    reply = await talk.reply("review correct 1", EDITOR)
    assert JOINED in plain(reply.document)
    (actions,) = [block for block in reply.document.blocks if isinstance(block, Actions)]
    (select,) = actions.items
    assert isinstance(select, Select)
    number = await number_of(newsroom, JOINED)
    ask = await talk.form(f"review correct 1 sentence:{number}", EDITOR)
    assert [one.name for one in ask.form.entries] == ["text", "reason"]
    filled = replace(ask.form.invoke, arguments=(*ask.form.invoke.arguments, ("reason", "nobody said that")))
    assert "Corrected" in await talk.say(filled, EDITOR), "with the text left empty it is taken out"
    await newsroom.work()
    assert JOINED not in shown(newsroom)
    assert "An editor, Ed, took a sentence out. Reason: nobody said that" in shown(newsroom)
    assert "meanwhile" in await talk.say(filled, EDITOR)


async def test_words_that_no_source_bears_out_are_flagged_and_not_refused(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    number = await number_of(newsroom, JOINED)
    told = await talk.say(f'review correct 1 sentence:{number} text:"Ada Marsh led 900 writers out." reason:x', EDITOR)
    assert "Not borne out by its sources, as edited" in told
    assert "900" in told
    await newsroom.work()
    assert "Ada Marsh led 900 writers out." in shown(newsroom)


async def test_a_headline_is_put_otherwise_and_never_taken_out(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    assert "headline cannot be taken out" in await talk.say("review correct 1 sentence:0 reason:x", EDITOR)
    await talk.say('review correct 1 sentence:0 text:"Writers strike over scripts" reason:clearer', EDITOR)
    await newsroom.work()
    assert "Writers strike over scripts" in shown(newsroom)


async def test_only_an_editor_corrects_and_only_what_was_posted_here(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    assert "is for an editor" in await talk.say("review correct 1 sentence:1 reason:x", ANN)
    elsewhere = replace(talk, community=STUDIO)
    assert "no digest that was posted here tells story 1" in await elsewhere.say(
        "review correct 1 sentence:1 reason:x", EDITOR
    )
    assert "no sentence 99" in await talk.say("review correct 1 sentence:99 reason:x", EDITOR)


async def test_what_waits_to_be_posted_is_corrected_without_a_mark(newsroom: Newsroom) -> None:
    schedule = await schedule_of(newsroom.database)
    await newsroom.subscribe(entry(STRIKE, 1))
    await newsroom.work()
    async with newsroom.database.begin() as tx:
        await tx.tasks.put(Stage.COMPOSE, [schedule.id], GUILD)
    newsroom.clock.time = NINE
    await newsroom.work(Stage.COMPOSE, Stage.REVIEW)
    talk = await converse(newsroom)
    assert (await digest(newsroom.database, 1))[1] is DigestState.APPROVED
    number = await number_of(newsroom, JOINED)
    assert "not posted yet" in await talk.say(f"review correct 1 sentence:{number} reason:x", EDITOR)
    await newsroom.work()
    (only,) = newsroom.platform.documents["channel-1"]
    assert JOINED not in plain(only)
    assert "editor" not in plain(only).replace("No editor has reviewed this", "")
    assert await log(newsroom.database) == []


async def test_an_editors_words_give_way_once_their_source_changes(newsroom: Newsroom) -> None:
    """A correction of a correction."""
    talk = await correcting(newsroom)
    number = await number_of(newsroom, JOINED)
    await talk.say(
        f'review correct 1 sentence:{number} text:"All 400 screenwriters joined, the guild said." reason:x', EDITOR
    )
    await newsroom.work()
    await says(newsroom, FeedId(1), CORRECTED)
    await gathered(newsroom)
    now = shown(newsroom)
    assert "All 400 screenwriters joined" not in now
    assert "The guild said 40 screenwriters joined the strike." in now
    assert [one.cause for one in await log(newsroom.database)] == [Cause.CHANGED, Cause.EDITOR]


async def test_everybody_may_read_the_log(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    assert await talk.say("corrections", ANN) == "Nothing that was posted here had to be corrected."
    await says(newsroom, FeedId(1), CORRECTED)
    await gathered(newsroom)
    shown_ = await talk.say("corrections", ANN)
    assert shown_.startswith("Corrections: 1")
    assert f"It said: {JOINED}" in shown_
    assert "It says: The guild said 40 screenwriters joined the strike." in shown_
    assert await replace(talk, community=STUDIO).say("corrections", ANN) != shown_
    newsroom.clock.advance(2 * DAY)
    assert "Nothing" in await talk.say("corrections 1d", ANN)
    assert "“400” is now “40”" in await talk.say("story 1", ANN)


async def test_the_log_repeats_nothing_that_was_taken_back(newsroom: Newsroom) -> None:
    talk = await correcting(newsroom)
    await newsroom.publish(FeedId(1), deleted=["entry-1"])
    await newsroom.work()
    await gathered(newsroom)
    assert "400" not in await talk.say("corrections", ANN)
