"""`slugline classify`, `cluster`, `analyse` and `check-claims`: the desk on JSON lines, saving nothing.

An article's row needs a `title`, and for the first two an `id`; `summary`, `text`, `published`, `outlet` and `url` help
where they are known. Of each as much is read as of a feed's entry.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.errors import command
from bot.core.errors import InputError

if TYPE_CHECKING:
    from bot.app.trial import TrialArticle
    from bot.cli.lines import Lines

STRICT = click.option("--strict", is_flag=True, help="Stop at the first line that cannot be read.")
FILE = click.argument("file", metavar="FILE.jsonl", type=click.Path(allow_dash=True))


@click.command()
@FILE
@STRICT
@command
async def classify(file: str, strict: bool) -> None:
    """Is each article about AI and people's work, and why?

    {id, title, summary?, text?} a line → {id, score, relevant, reasons}. `-` reads standard input.
    """
    from adapters.models.embedder import MiniLmEmbedder
    from adapters.models.shipped import load_gate, load_relevance_model
    from bot.app import trial
    from bot.cli.files import open_text
    from bot.cli.lines import Lines, write

    gate, model, embedder = load_gate(), load_relevance_model(), MiniLmEmbedder()
    with open_text(file) as stream:
        lines = Lines(stream, needed=("id", "title"), strict=strict)
        for rows in lines.batches(trial.BATCH):
            articles = [_article(lines, row, EPOCH) for row in rows]
            for row, (judged, relevant) in zip(
                rows, await trial.classify(articles, gate, model, embedder), strict=True
            ):
                score = round(judged.relevance, 4)
                write({"id": row["id"], "score": score, "relevant": relevant, "reasons": list(judged.reasons)})
    lines.exit()


@click.command()
@FILE
@STRICT
@command
async def cluster(file: str, strict: bool) -> None:
    """Which articles are one story?

    {id, title, summary?, text?, published, outlet} a line → {id, story}, in the order read; joined as they would have
    come in, by `published`. `-` reads standard input.
    """
    from adapters.models.embedder import MiniLmEmbedder
    from adapters.models.shipped import load_gate, load_relevance_model, new_story_index
    from bot.app import trial
    from bot.cli.files import open_text
    from bot.cli.lines import Lines, write

    with open_text(file) as stream:
        lines = Lines(stream, needed=("id", "title", "published"), strict=strict, check=_published)
        rows = list(lines)
    articles = [_article(lines, row, _published(row) or EPOCH) for row in rows]
    stories = await trial.cluster(articles, load_gate(), load_relevance_model(), MiniLmEmbedder(), new_story_index())
    for row, story in zip(rows, stories, strict=True):
        write({"id": row["id"], "story": story})
    lines.exit()


@click.command()
@FILE
@STRICT
@click.option("--engine", type=click.Choice(["extractive"]), default="extractive", show_default=True)
@click.option("--format", "form", type=click.Choice(["json", "markdown"]), default="json", show_default=True)
@command
async def analyse(file: str, strict: bool, engine: str, form: str) -> None:
    """Explain one story from its articles, every sentence with its evidence.

    {title, summary?, text?, published?, outlet?, url?} a line, all of one story. `-` reads standard input.
    """
    from adapters.clock import SystemClock
    from adapters.models.embedder import MiniLmEmbedder
    from adapters.models.shipped import load_sides
    from adapters.text.markdown import markdown
    from bot.app import trial
    from bot.app.extractive import ExtractiveAnalyst
    from bot.cli.files import open_text
    from bot.cli.lines import Lines
    from bot.core.analysis_json import analysis_json
    from bot.core.message.digest import analysis_document

    now = SystemClock().now()
    with open_text(file) as stream:
        lines = Lines(stream, needed=("title",), strict=strict, check=_published)
        articles = [_article(lines, row, _published(row) or now) for row in lines]
    if not articles:
        raise InputError(f"{file}: no article to analyse")
    embedder = MiniLmEmbedder()
    analysis = await trial.analyse(articles, ExtractiveAnalyst(embedder, load_sides()), embedder, now)
    if form == "json":
        click.echo(json.dumps(analysis_json(analysis), ensure_ascii=False, indent=1))
    else:
        click.echo(markdown(analysis_document(analysis)))
    lines.exit()


@click.command("check-claims")
@FILE
@STRICT
@command
async def check_claims(file: str, strict: bool) -> None:
    """Does each claim stand in its sources?

    {id?, claim, sources: [TEXT…]} a line → {id, verdict, reasons}; the verdict is "supported", "doubtful" or
    "unsupported". `-` reads standard input.
    """
    from bot.cli.files import open_text
    from bot.cli.lines import Lines, write
    from bot.core.desk.grounding import check

    with open_text(file) as stream:
        lines = Lines(stream, needed=("claim", "sources"), strict=strict, check=_claim_and_sources)
        for row in lines:
            claim, sources = _claim_and_sources(row)
            judged = check(claim, sources)
            write({"id": row.get("id"), "verdict": judged.verdict, "reasons": list(judged.reasons)})
    lines.exit()


def _claim_and_sources(row: dict[str, Any]) -> tuple[str, list[str]]:
    """Raises InputError where they are not text and a list of texts: guessing at a claim would judge another one."""
    claim, sources = row["claim"], row["sources"]
    if not isinstance(claim, str):
        raise InputError("the key 'claim' is no text")
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise InputError("the key 'sources' is no list of texts")
    return claim, sources


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands in where the time does not matter."""


def _published(row: dict[str, Any]) -> datetime | None:
    """When it was published; None where the row does not say. Raises InputError where it says no time."""
    value = row.get("published") or row.get("date")
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"the key 'published' is no ISO time: {value!r:.60}") from None


def _article(lines: Lines, row: dict[str, Any], published: datetime) -> TrialArticle:
    from bot.app.trial import TrialArticle
    from feeds.parse.limits import DEFAULT_LIMITS as LIMITS
    from feeds.parse.text import one_line

    return TrialArticle(
        title=one_line(lines.text(row, "title"))[: LIMITS.title],
        published=published,
        summary=lines.text(row, "summary")[: LIMITS.summary],
        text=lines.text(row, "text")[: LIMITS.content],
        outlet=one_line(lines.text(row, "outlet"))[: LIMITS.name],
        url=lines.text(row, "url")[: LIMITS.address],
        language=lines.text(row, "language") or None,
    )
