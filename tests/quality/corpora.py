"""The labelled news of the shared data as one type, oldest first, with vectors.

Vectors are cached in the system's temporary folder by the hash of what was embedded: the first run embeds some
thousands of texts (a minute or so), later ones read a file.
"""

from __future__ import annotations

import csv
import hashlib
import html
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.models.embedder import MiniLmEmbedder
from bot.core.desk.lead import Lead, lead
from tests.shared import SHARED

SPLIT = datetime(2023, 6, 7, tzinfo=UTC)
"""The median date of `relevance/headlines`: weights are fitted on what is older and measured on the rest."""

_TAG = re.compile(r"<[^>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`label` is the relevance label or the event, as the file has it; None where it has none."""

    id: str
    title: str
    text: str
    outlet: str
    published: datetime
    label: str | None
    origin: str
    subtopic: str | None = None

    @property
    def lead(self) -> Lead:
        return lead(self.title, self.text)

    @property
    def may_train(self) -> bool:
        """Rows under a non-commercial licence train nothing that ships."""
        return "OpenDocCN/hackernews-2024-zh" not in self.origin


def headlines() -> list[Item]:
    """Labels: positive, negative, negative_hard, borderline."""
    return _items("relevance/headlines.jsonl", label="label_guess")


def ai_labour_stream() -> list[Item]:
    """The events and, as unlabelled noise between them, the unassigned articles."""
    return _oldest_first(
        [*_items("stories/ai_labour_events.jsonl", label="event_id"), *_items("stories/ai_labour_unassigned.jsonl")]
    )


def giveme5w1h() -> list[Item]:
    return _items("stories/giveme5w1h_2017.jsonl", label="event_id")


def day(date: str) -> list[Item]:
    """A whole day of feeds: 2023-05-02, 2023-07-13 or 2023-07-14. No labels."""
    return _items(f"stream/{date}.jsonl")


def uci() -> list[Item]:
    """Machine-labelled headlines of 2014."""
    with (SHARED / "data/stories/uci_news_aggregator.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [_item({key.lower(): value for key, value in row.items()}, at, "story") for at, row in enumerate(rows)]


def vectors(items: Sequence[Item]) -> NDArray[np.float32]:
    """Of the leads, shape (len(items), 384)."""
    whole, _ = lead_vectors(items)
    return whole


def lead_vectors(items: Sequence[Item]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of the leads and of the titles in them, each of shape (len(items), 384)."""
    leads = [item.lead for item in items]
    folder = Path(tempfile.gettempdir()) / "slugline-quality"
    folder.mkdir(exist_ok=True)
    wanted = "\0".join(f"{one.title} {one.text}" for one in leads)
    cache = folder / f"{hashlib.sha256(wanted.encode('utf-8', 'replace')).hexdigest()[:16]}.npy"
    if cache.exists():
        whole, titles = np.load(cache)
    else:
        print(f"embedding {len(leads)} texts …", file=sys.stderr, flush=True)
        whole, titles = MiniLmEmbedder().embed_leads_now(leads)
        np.save(cache, np.stack([whole, titles]))
    return whole, titles


def _items(path: str, *, label: str | None = None) -> list[Item]:
    with (SHARED / "data" / path).open(encoding="utf-8") as file:
        return _oldest_first(_item(json.loads(line), at, label) for at, line in enumerate(file))


def _item(row: dict[str, Any], at: int, label: str | None) -> Item:
    text = row.get("text") or row.get("summary") or row.get("summary_html") or row.get("description") or ""
    value = row.get(label) if label else None
    return Item(
        id=str(row.get("id") or at),
        title=" ".join(html.unescape(row.get("title") or "").split()),
        text=" ".join(html.unescape(_TAG.sub(" ", text)).split()),
        outlet=row.get("outlet") or row.get("feed") or "",
        published=_moment(row.get("published") or row.get("date")),
        label=None if value is None else str(value),
        origin=row.get("source_repo") or "",
        subtopic=row.get("subtopic"),
    )


def _moment(text: str | None) -> datetime:
    """Some rows have a month only, or no date: the month's middle, or the start of the era."""
    if not text:
        return datetime(1970, 1, 1, tzinfo=UTC)
    moment = datetime.fromisoformat(f"{text}-15" if len(text) == 7 else text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _oldest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.published, item.title))
