"""Make the words of articles searchable.

Follows 0001.

What is searched of an article is its title, its teaser and the beginning of its text. Feeds with whole articles would
else spend most of a visit on the index, for words deep in a text that few look for; and a tsvector holds at most 1 MB.

SQLite: an FTS5 table over a view of `articles` (which keeps the text; the index holds none) with triggers that follow
it. To forget a row FTS5 must be given exactly what it was given to learn it, hence one expression for both. A later
migration that alters `articles` in batch mode copies the table and loses the triggers: it has to make them again.
PostgreSQL: a generated column, since ranking must not parse text again. Latin letters lose their accents and
punctuation is blanked before PostgreSQL's parser, which else makes hosts, paths and hyphenated compounds of what SQLite
and our queries take as words.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEGINNING = 1_500
"""Characters of an article's text that are searched."""
MOST = 10_000
"""Characters of all that is searched; the parser's own limits on titles and teasers are narrower."""


def _words(row: str = "") -> str:
    text = f"{row}title || ' ' || {row}summary || ' ' || substr({row}content, 1, {BEGINNING})"
    return f"substr({text}, 1, {MOST})"


SQLITE_UP = (
    f"CREATE VIEW article_texts AS SELECT id, {_words()} AS words FROM articles",
    """CREATE VIRTUAL TABLE article_words USING fts5(
        words, content = 'article_texts', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2"
    )""",
    "INSERT INTO article_words (article_words) VALUES ('rebuild')",
    f"""CREATE TRIGGER article_words_added AFTER INSERT ON articles BEGIN
        INSERT INTO article_words (rowid, words) VALUES (new.id, {_words("new.")});
    END""",
    f"""CREATE TRIGGER article_words_changed AFTER UPDATE OF title, summary, content ON articles
    WHEN {_words("new.")} <> {_words("old.")} BEGIN
        INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', old.id, {_words("old.")});
        INSERT INTO article_words (rowid, words) VALUES (new.id, {_words("new.")});
    END""",
    f"""CREATE TRIGGER article_words_removed AFTER DELETE ON articles BEGIN
        INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', old.id, {_words("old.")});
    END""",
)

# ASCII and general punctuation, by code point: what [:punct:] means depends on the database's locale.
POSTGRESQL_UP = (
    rf"""ALTER TABLE articles ADD COLUMN words tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', regexp_replace(
            normalize(regexp_replace(
                normalize({_words()}, NFD),
                '([A-Za-z])[\u0300-\u036f]+', '\1', 'g'
            ), NFC),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'
        ))
    ) STORED""",
    "CREATE INDEX ix_articles_words ON articles USING gin (words)",
)


def upgrade() -> None:
    for statement in SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_UP:
        op.get_bind().exec_driver_sql(statement)
