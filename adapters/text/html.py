"""A document as one web page: complete, self-contained, readable without a script, a font or a request.

The Content-Security-Policy allows nothing but this module's own style sheet, by its hash, and pictures within the
page: should an escape ever fail, what got through could neither run nor load anything. The type is the reader's own
serif at a measure of about 66 characters, in the reader's light or dark, and prints as it stands.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo
from html import escape
from typing import assert_never
from unicodedata import bidirectional

from bot.core import strings
from bot.core.message.document import (
    Actions,
    Block,
    Bullets,
    Channel,
    Citation,
    Divider,
    Document,
    Fields,
    File,
    Heading,
    Inline,
    Jump,
    Link,
    LinkButton,
    Pager,
    Picture,
    Prose,
    Quote,
    Text,
    Time,
    Verbatim,
)
from bot.core.message.plain import address, inert, spaced

_STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1d1d1b; --quiet: #5f5d57; --line: #d9d6cd; --paper: #fdfcf9; --link: #17497a;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e3db; --quiet: #a3a097; --line: #3c3a35; --paper: #191917; --link: #9cc3ea; }
}
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 1.125rem/1.55 Charter, "Bitstream Charter", "Source Serif 4", Georgia, serif; }
main { max-width: 38rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; margin: 0; }
h1 { font-size: 2.1rem; letter-spacing: -0.012em; }
h2 { font-size: 1.6rem; margin-top: 2.5rem; letter-spacing: -0.008em; }
.label { font: 600 0.95rem/1.3 system-ui, sans-serif; letter-spacing: 0; margin-top: 2rem; }
p, ul, ol { margin: 0.75rem 0 0; }
.label + p, .label + ul { margin-top: 0.4rem; }
ul, ol { padding-left: 1.25rem; }
li + li { margin-top: 0.45rem; }
li::marker { color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--line); margin: 3.5rem 0 0; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.15em; }
a:hover { text-decoration-thickness: 2px; }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
blockquote { margin: 0.75rem 0 0; padding-left: 1rem; border-left: 3px solid var(--line); }
dl { margin: 0.75rem 0 0; }
dt { font: 600 0.875rem/1.5 system-ui, sans-serif; color: var(--quiet); }
dd { margin: 0 0 0.5rem; }
figure { margin: 1rem 0 0; }
img { max-width: 100%; height: auto; }
.deck { font-size: 1.25rem; line-height: 1.4; color: var(--quiet); }
.note, .quiet { color: var(--quiet); }
.note { font: 0.875rem/1.5 system-ui, sans-serif; }
.note + p { margin-top: 1.25rem; }
.quiet, li time { font-size: 0.9em; }
li time { color: var(--quiet); }
time { white-space: nowrap; }
sup { font: 0.7rem/0 system-ui, sans-serif; margin-left: 0.15em; }
sup a { text-decoration: none; }
sup a:hover { text-decoration: underline; }
@media print {
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
}
"""

_POLICY = (
    "default-src 'none'; img-src data:; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)


def html(document: Document, *, zone: tzinfo = UTC) -> str:
    """`document` as a complete HTML5 page. Times are shown in `zone`."""
    deepest = max((block.level for block in document.blocks if isinstance(block, Heading)), default=1)
    body = "\n".join(_block(block, zone, deepest, document.files) for block in document.blocks)
    return f"""<!doctype html>
<html lang="{strings.document.LANGUAGE}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_escaped(document.summary)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _block(block: Block, zone: tzinfo, deepest: int, files: Sequence[File]) -> str:
    """The deepest headings of a document name the parts of a story: they are set as labels, not as headlines."""
    match block:
        case Heading(text=text, level=level, anchor=anchor):
            name = f' id="{escape(anchor)}"' if anchor else ""
            label = ' class="label"' if level == deepest > 1 else ""
            return f"<h{level}{name}{label}>{_isolated(text)}</h{level}>"
        case Prose(content=content, role=role):
            kind = "" if role == "body" else f' class="{role}"'
            return f"<p{kind}>{_line(content, zone)}</p>"
        case Bullets(items=items, numbered=numbered):
            tag = "ol" if numbered else "ul"
            drawn = "".join(f"\n<li>{_line(item, zone)}</li>" for item in items)
            return f"<{tag}>{drawn}\n</{tag}>"
        case Divider():
            return "<hr>"
        case Quote(content=content):
            return f"<blockquote>{_line(content, zone)}</blockquote>"
        case Verbatim(lines=lines):
            drawn = "\n".join(map(spaced, lines))
            return f"<pre>{escape(drawn)}</pre>"
        case Fields(items=items):
            facts = "".join(f"\n<dt>{_isolated(one.name)}:</dt><dd>{_line(one.value, zone)}</dd>" for one in items)
            return f"<dl>{facts}\n</dl>"
        case Picture(file=name, alt=alt):
            return _picture(next((file for file in files if file.name == name), None), alt)
        case Actions(items=items):  # a page without scripts cannot be pressed, but its links can be followed
            links = [_line((Link(one.label, one.url),), zone) for one in items if isinstance(one, LinkButton)]
            return f"<p>{' '.join(links)}</p>" if links else ""
        case Pager(number=number, of=of):
            return f'<p class="note">{_isolated(strings.document.page_of(number, of))}</p>'
        case _:
            assert_never(block)


def _picture(file: File | None, alt: str) -> str:
    """In the page itself, where it is of a kind that cannot hold a script; else what it shows, in words."""
    if file is None or file.media_type not in ("image/png", "image/jpeg"):
        return f'<p class="note">{_isolated(strings.document.picture(alt))}</p>'
    source = f"data:{file.media_type};base64,{b64encode(file.content).decode()}"
    return f'<figure><img src="{source}" alt="{_escaped(alt)}"></figure>'


def _line(content: Iterable[Inline], zone: tzinfo) -> str:
    """A citation behind its sentence is raised; one that opens a line (the evidence view) stands in it."""
    return "".join(_inline(inline, zone, opening=not index) for index, inline in enumerate(content))


def _inline(inline: Inline, zone: tzinfo, *, opening: bool) -> str:
    match inline:
        case Text(text=text, style="strong"):
            return f"<strong>{_isolated(text)}</strong>"
        case Text(text=text, style="quiet"):
            return f'<span class="quiet">{_isolated(text)}</span>'
        case Text(text=text, style="code"):
            return f"<code>{_isolated(text)}</code>"
        case Text(text=text):
            return _isolated(text)
        case Link(label=label, url=url):
            target = address(url)
            shown = _isolated(label if target is None else inert(label).strip() or target)
            return shown if target is None else f'<a href="{escape(target)}" rel="noopener nofollow">{shown}</a>'
        case Channel(address=place):
            return _isolated(place)
        case Jump(label=label, anchor=anchor):
            return f'<a href="#{escape(anchor)}">{_isolated(label)}</a>'
        case Citation(number=number, url=url, outlet=outlet):
            target = address(url)
            shown = f"[{number}]"
            if target is not None:
                spoken = _escaped(strings.analysis.citation(number, outlet))
                names = f'title="{_escaped(outlet)}" aria-label="{spoken}"'
                shown = f'<a href="{escape(target)}" rel="noopener nofollow" {names}>{shown}</a>'
            return shown if opening else f"<sup>{shown}</sup>"
        case Time(at=at, style=style):
            local = at.astimezone(zone)
            shown = strings.dates.calendar_day(local) if style == "date" else strings.dates.moment(local)
            return f'<time datetime="{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}">{shown}</time>'
        case _:
            assert_never(inline)


def _escaped(text: str) -> str:
    return escape(inert(text))


def _isolated(text: str) -> str:
    """Escaped; text with letters that run right to left cannot reorder what stands beside it."""
    shown = _escaped(text)
    return f"<bdi>{shown}</bdi>" if any(bidirectional(char) in ("R", "AL", "AN") for char in shown) else shown
