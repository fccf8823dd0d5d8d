"""An article's two vectors: of what it says it is about, and of its title alone, which says what it makes of that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app.ports import Embedder
from bot.core.desk.lead import lead
from bot.core.desk.relevance import Vector


async def embed_articles(embedder: Embedder, articles: Sequence[tuple[str, str]]) -> list[tuple[Vector, Vector]]:
    """For each (title, text) the vector of its lead, then the title's. No text is embedded twice."""
    wanted = [(lead(title, text), lead(title, "")) for title, text in articles]
    texts = list(dict.fromkeys(text for pair in wanted for text in pair))
    row = {text: at for at, text in enumerate(texts)}
    vectors = await embedder.embed(texts)
    return [(vectors[row[whole]], vectors[row[title]]) for whole, title in wanted]
