"""Text into sentences, each with its place in the text, so that evidence is the outlet's sentence to the letter.

pysbd decides the borders inside a paragraph: it survives initials ("The W.G.A. said"), abbreviations and quotations
of several sentences. It is quadratic on hostile input (9,000 characters of "a. " take a second), hence the caps: a
paragraph is handed to it in pieces, a text is read up to `TEXT_LIMIT`.

Feeds cut their teasers ("… seeking to protect the...", "[…]", or simply in mid-sentence). What was cut is kept and
marked, never shown as if whole. Feeds also glue a standfirst to the first paragraph without a full stop; the border
is found again where a lower-case word is followed by a capitalised function word and running lower-case text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

TEXT_LIMIT = 10_000
"""Characters read of one article; news puts first what matters, and one article may give 120 words at most."""
PIECE_LIMIT = 2_400
"""Characters handed to the segmenter at once: about the longest real paragraph (see the module's note on cost)."""
SENTENCE_LIMIT = 700
"""Characters; what is longer is no sentence anybody would quote (a table, a list, an endless line)."""

_PARAGRAPH = re.compile(r"[^\n\r\x0b\x0c\u2028\u2029]+")
_GLUED = re.compile(
    r"(?<=[a-z]{3}[a-z\d’'”\"])\s+(?=(?:The|An?|In|On|At|For|After|When|While|As|It|He|She|They|This|There|More|Some|One|Two|Many|Most|All|Its|Their|From|To|With|By|If|Since)"
    r"\s[a-z’'-]+\s[a-z’'-]+\s)"
)
_HEADING = re.compile(
    r"(?:\b[A-Z\d’'-]{2,}[,:]?\s+){4,20}(?=[A-Z][a-z])"
)  # in capitals, glued to the sentence after it
_CUT_END = re.compile(r"(?:\.\.\.+|…|\[(?:…|\.\.\.|\+\d+ chars)\])[\s\"'”’)]*$")
_MORE = re.compile(
    r"\s*(?:\[(?:…|\.\.\.)\]|(?:continue|keep) reading\b.*|read (?:more|on|the rest|full story|the full)\b.*"
    r"|click here\b.*|(?:see|view|show|learn) more\b.*)\s*$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?…][\"'”’»)\]]*$")
_QUOTE_AFTER_STOP = re.compile(r"^[\"”’']+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence: `text[start:end]`, without surrounding white space. `paragraph` counts from 0.

    `whole` is False where the outlet or its feed cut it off, or where it is too long to be one.
    """

    start: int
    end: int
    paragraph: int
    whole: bool


class _Segmenter(Protocol):
    def segment(self, text: str) -> list[str]: ...


@cache
def _segmenter() -> _Segmenter:
    # Imported late: pysbd compiles its rules for 22 languages.
    from pysbd import Segmenter

    return cast(_Segmenter, Segmenter(language="en", clean=False, char_span=False))


def split(text: str, *, teaser: bool = False) -> tuple[Span, ...]:
    """The sentences of `text` in order. A text without any gives none. Never raises.

    `teaser` says that the text is a feed's summary, whose last sentence without a full stop was cut or is a
    standfirst: it counts as whole only where it is the only one and reads as a line of its own.
    """
    spans: list[Span] = []
    number = 0
    for found in _PARAGRAPH.finditer(text, 0, min(len(text), TEXT_LIMIT)):
        borders = list(_sentences(found.group(), found.start()))
        if not borders:
            continue
        for start, end in borders:
            spans.append(Span(start, end, number, _is_whole(text, start, end)))
        number += 1
    if len(text) > TEXT_LIMIT and spans:
        spans[-1] = Span(spans[-1].start, spans[-1].end, spans[-1].paragraph, whole=False)
    if teaser and len(spans) > 1 and not _STOP.search(text[spans[-1].start : spans[-1].end]):
        spans[-1] = Span(spans[-1].start, spans[-1].end, spans[-1].paragraph, whole=False)
    return tuple(spans)


def _is_whole(text: str, start: int, end: int) -> bool:
    sentence = text[start:end]
    return len(sentence) <= SENTENCE_LIMIT and not _CUT_END.search(sentence) and not _MORE.search(sentence)


def _sentences(paragraph: str, offset: int) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a paragraph that begins at `offset`."""
    for start, end in _pieces(paragraph):
        yield from _segmented(paragraph[start:end], offset + start)


def _pieces(paragraph: str) -> Iterator[tuple[int, int]]:
    """Cut at glued borders, and where a piece is too long, at a full stop or else at a space."""
    start = 0
    glued = {found.end() for shape in (_GLUED, _HEADING) for found in shape.finditer(paragraph)}
    borders = [*sorted(glued), len(paragraph)]
    for border in borders:
        while border - start > PIECE_LIMIT:
            cut = max(paragraph.rfind(". ", start, start + PIECE_LIMIT) + 2, start)
            if cut <= start + 1:
                cut = paragraph.rfind(" ", start, start + PIECE_LIMIT) + 1
            if cut <= start:
                cut = start + PIECE_LIMIT
            yield start, cut
            start = cut
        yield start, border
        start = border


# Nothing to decide: no quotation, bracket, initial, abbreviation, ellipsis or figure touches a stop.
_HARD = re.compile(
    r"[\"“”‘()\[\]…•]|\.\.|\b[A-Z]\.|\b[A-Za-z]{1,4}\.(?=\s)|[\d\s][.!?]|[.!?](?!\s|$)|[.!?]\s+(?![A-Z]|$)"
)
_PLAIN_BORDER = re.compile(r"(?<=\w\w[.!?])\s+(?=[A-Z])")


def _segmented(piece: str, offset: int) -> Iterator[tuple[int, int]]:
    """pysbd's sentences found again in the piece; a closing quotation mark it left behind goes back to its sentence.

    Where there is nothing to decide, which is every other paragraph of news, pysbd (4 ms a 1,000 characters) is spared.
    """
    if not _HARD.search(piece):
        start = len(piece) - len(piece.lstrip())
        for found in _PLAIN_BORDER.finditer(piece):
            yield offset + start, offset + found.start()
            start = found.end()
        if piece[start:].strip():
            yield offset + start, offset + len(piece.rstrip())
        return
    borders: list[tuple[int, int]] = []
    at = 0
    for sentence in _segmenter().segment(piece):
        stripped = sentence.strip()
        if not stripped:
            continue
        start = piece.find(stripped, at)
        if start < 0:  # the segmenter changed a character: take what lies between instead
            continue
        at = start + len(stripped)
        borders.append((start, at))
    if not borders and piece.strip():
        left = len(piece) - len(piece.lstrip())
        borders = [(left, len(piece.rstrip()))]
    joined: list[tuple[int, int]] = []
    for start, end in borders:
        stray = _QUOTE_AFTER_STOP.match(piece[start:end])
        if joined and stray:
            joined[-1] = (joined[-1][0], start + stray.end())
            start += stray.end()
            start += len(piece[start:end]) - len(piece[start:end].lstrip())
            if start >= end:
                continue
        elif joined and _continues(piece, joined[-1], start):
            joined[-1] = (joined[-1][0], end)
            continue
        joined.append((start, end))
    for start, end in joined:
        yield offset + start, offset + end


_OPENERS = re.compile(r"[a-z]")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]\.|\b(?:vs|No|Nos|v|Sen|Rep|Gov|Gen|Lt|Col|Prof|Rev|Hon|St|Mt)\.)$")


def _continues(piece: str, before: tuple[int, int], start: int) -> bool:
    """Whether a border is none: the next begins in lower case ("Yahoo! is"), or the last is a mere abbreviation."""
    if _OPENERS.match(piece[start]):
        return True
    return before[1] - before[0] < 40 and bool(_ABBREVIATED.search(piece[before[0] : before[1]]))
