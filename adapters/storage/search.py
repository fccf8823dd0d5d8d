"""Finding articles by their words, with FTS5 on SQLite and tsvector on PostgreSQL.

**Newest first, then ranked.** Ranking all articles that hold a common word takes seconds in a million rows, since the
rank of each depends on all. So the index gives the newest `CANDIDATES` that match, and those are ranked: articles that
say more of the words in their title first, then the later published. The same in both databases, and easy to explain.

**The same words.** Both indexes fold case and accents and split at everything that is no letter or digit. A term, a
word or a "quoted phrase", is folded here and looked up as a phrase, so that "AI-written" finds "AI written" and nothing
a person types can be read as an operator of either query language.

**The beginning.** Title, teaser and the first 1,500 characters of the text are searched. `migrations/versions/
0002_search.py` says why and makes the indexes; they follow the articles by themselves (triggers, a generated
column) and are not in `schema`, which knows nothing of virtual tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, column, func, literal, select, table, text

from adapters.storage.schema import articles
from adapters.storage.types import storable
from bot.core.article import ArticleId

CANDIDATES = 500
"""Matching articles, newest first, that are ranked."""
HELD = 30_000
"""Articles that hold the words, newest first, among which those of one outlet are looked for."""
OLDEST = 50_000
"""Articles from the beginning of a time among which its lowest id is: it is not among later ones, since articles are
stored in some order of publication."""
TERMS = 20
"""Terms of a search that are looked at."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
# Latin letters only: a Cyrillic й is no accented и, and FTS5 takes it so.
_ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")
_fts = table("article_words", column("rowid"))


def terms_of(words: str) -> Sequence[str]:
    """What a person typed, folded: words, and phrases in double quotes; none where there is no letter or digit."""
    found = (fold(phrase or word) for phrase, word in _TERM.findall(storable(words)))
    return list(dict.fromkeys(term for term in found if term))[:TERMS]


def fold(words: str) -> str:
    """Lower case, no accents on Latin letters, single spaces between runs of letters and digits."""
    plain = unicodedata.normalize("NFC", _ACCENTED.sub(r"\1", unicodedata.normalize("NFD", words)))
    return " ".join(re.findall(r"[^\W_]+", plain.lower()))


def candidates(
    dialect: str, terms: Sequence[str], shown: ColumnElement[bool], since: datetime | None, outlet: str | None = None
) -> Select[Any]:
    """The newest articles that hold every term and are `shown`: id, title, time of publication."""
    if outlet is None:
        holding, newest = _holding(dialect, terms, since)
        found = holding.add_columns(articles.c.title, articles.c.published)
        if dialect == "sqlite":
            found = found.join_from(_fts, articles, articles.c.id == newest)
    else:
        holding, newest = _holding(dialect, terms, since)
        held = holding.order_by(newest.desc()).limit(HELD).subquery("held")
        newest, theirs = held.c.id, articles.alias("theirs")
        found = (
            select(articles.c.id, articles.c.title, articles.c.published)
            .join_from(held, articles, articles.c.id == held.c.id)
            # "+ 0" keeps SQLite from asking the index of words for each of the outlet's articles in turn.
            .where((held.c.id + 0).in_(select(theirs.c.id).where(theirs.c.outlet_name == outlet)))
        )
    if since is not None:
        found = found.where(articles.c.published >= since)
    return found.where(shown, articles.c.withdrawn.is_(None)).order_by(newest.desc()).limit(CANDIDATES)


def _holding(dialect: str, terms: Sequence[str], since: datetime | None) -> tuple[Select[Any], ColumnElement[int]]:
    """The ids (`id`) of articles that hold every term, and what they are put in order by; none that was stored before
    all that was published since then."""
    if dialect == "sqlite":
        query = " AND ".join(f'"{term}"' for term in terms)
        newest: ColumnElement[int] = _fts.c.rowid
        found = select(newest.label("id")).where(text("article_words MATCH :query").bindparams(query=query))
    else:
        newest = articles.c.id
        found = select(newest)
        for term in terms:
            found = found.where(column("words").op("@@")(func.phraseto_tsquery(text("'simple'"), literal(term))))
    if since is not None:
        # Ids rise with time, so older rows need not be looked at one by one to be left out.
        recent = articles.alias("recent")
        oldest = select(recent.c.id).where(recent.c.published >= since).order_by(recent.c.published).limit(OLDEST)
        found = found.where(newest >= select(func.min(oldest.subquery("oldest").c.id)).scalar_subquery())
    return found, newest


def ranked(rows: Sequence[Row[Any]], terms: Sequence[str]) -> Sequence[ArticleId]:
    """Candidates by how many terms are in the title, then the later published."""

    def rank(row: Row[Any]) -> tuple[int, datetime, int]:
        title = f" {fold(row.title)} "
        return sum(f" {term} " in title for term in terms), row.published, row.id

    return [ArticleId(row.id) for row in sorted(rows, key=rank, reverse=True)]
