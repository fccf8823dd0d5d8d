"""Make the words of articles searchable.

Follows 0001.

SQLite: an FTS5 table over `articles` (which keeps the text; the index holds none) with triggers that follow it. A later
migration that alters `articles` in batch mode copies the table and loses the triggers: it has to make them again.
PostgreSQL: a generated column, since ranking must not parse text again. A tsvector holds at most 1 MB, so the first
100,000 characters count. Latin letters lose their accents and punctuation is blanked before PostgreSQL's parser, which
else makes hosts, paths and hyphenated compounds of what SQLite and our queries take as words.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE_UP = (
    """CREATE VIRTUAL TABLE article_words USING fts5(
        title, summary, content,
        content = 'articles', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2"
    )""",
    "INSERT INTO article_words (article_words) VALUES ('rebuild')",
    """CREATE TRIGGER article_words_added AFTER INSERT ON articles BEGIN
        INSERT INTO article_words (rowid, title, summary, content)
        VALUES (new.id, new.title, new.summary, new.content);
    END""",
    """CREATE TRIGGER article_words_changed AFTER UPDATE OF title, summary, content ON articles BEGIN
        INSERT INTO article_words (article_words, rowid, title, summary, content)
        VALUES ('delete', old.id, old.title, old.summary, old.content);
        INSERT INTO article_words (rowid, title, summary, content)
        VALUES (new.id, new.title, new.summary, new.content);
    END""",
    """CREATE TRIGGER article_words_removed AFTER DELETE ON articles BEGIN
        INSERT INTO article_words (article_words, rowid, title, summary, content)
        VALUES ('delete', old.id, old.title, old.summary, old.content);
    END""",
)

# ASCII and general punctuation, by code point: what [:punct:] means depends on the database's locale.
POSTGRESQL_UP = (
    r"""ALTER TABLE articles ADD COLUMN words tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', regexp_replace(
            normalize(regexp_replace(
                normalize(left(title || ' ' || summary || ' ' || content, 100000), NFD),
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
