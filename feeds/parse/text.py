"""HTML to plain text, in one pass and without a tree.

Feed markup is read for its words only: nothing of it is ever shown as markup. So there is no sanitiser and no tree
here, just a tokenizer (the rules of HTML's own tokenizer as far as they decide what is text) that turns tags into
spaces, line breaks and blank lines. That makes nesting 10⁵ deep, a tag with 200,000 attributes and unclosed anything
cost what their bytes cost: every regular expression below is possessive or bounded, so none backtracks.

What comes out is text: `&lt;b&gt;` in a feed becomes the three characters `<b>`, and it is for whoever shows it to
escape them.
"""

from __future__ import annotations

import html
import re

# Attribute values may hold ">"; a quote means something only after "=" (HTML, "Attribute name state").
_TOKEN = re.compile(
    r"""
      <!--(?:-?>|.*?(?:--!?>|\Z))
    | <!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)
    | <(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)
        (?: [^>=]++ | =\s*+(?: "[^"]*+" | '[^']*+' )?+ )*+ (?:>|\Z)
    | <[!?/][^>]*+(?:>|\Z)
    """,
    re.S | re.X,
)

_PARAGRAPHS = frozenset(
    """address article aside blockquote body center details dialog div dl fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr main nav ol p pre section summary table ul""".split()
)
_LINES = frozenset("dd dt li option tr caption tbody thead tfoot".split())
_CELLS = frozenset(("td", "th"))
# Their content is not text (or is text for machines): everything up to the end tag is passed over.
_SKIPPED = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.I)
    for name in "script style svg math iframe noembed noframes object template select button textarea".split()
}

_SPACES = re.compile(r"[^\S\n]+")
_ANY_SPACE = re.compile(r"\s+")
_NEW_LINE = "\t"
"""Stands for "on a new line", however many of them meet; words have no tabs left by then."""
_DOUBLE_SPACES = re.compile(r" {2,}")
_BREAKS = re.compile(r" ?(?:[\n\t] ?)+")

# Links and closing lines that feeds append; taken out only where they are the whole of a link or of a last line.
_MORE_LINK = re.compile(
    r"(?:\W*(?:continue reading|keep reading)\b.*"
    r"|\W*(?:read (?:the )?(?:more|full (?:story|article|post)|rest)(?: here)?|more|full (?:story|article)|click here"
    r"|learn more|view (?:article|post)|link|comments)\W*)",
    re.I | re.S,
)
_LAST_LINE = re.compile(
    r"(?:the post .{1,600} (?:first )?appeared (?:first )?on .{1,200}"
    r"|(?:continue reading|read more|read the full (?:story|article)|keep reading)\b.{0,300})",
    re.I,
)
_MORE_LINK_LIMIT = 400
_LAST_LINE_LIMIT = 900

# Characters that show nothing or show something else than they say: C0 and C1 controls, bidirectional controls,
# zero-width spaces, soft hyphens, tags and supplementary variation selectors (which can hide whole messages),
# noncharacters and lone surrogates. The joiners U+200C and U+200D stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ufdd0-\ufdef\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Bytes 80–9F of Windows-1252, often declared as ISO-8859-1: the controls they become stand for these.
_WINDOWS_1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_C1 = re.compile("[\x80-\x9f]")


def seen(value: str) -> str:
    """`value` without characters that show nothing or reorder what is shown, and with ends of line as `\\n`."""
    if value.isascii() and value.isprintable():
        return value
    if _C1.search(value):
        value = value.translate(_WINDOWS_1252)
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub("", value)


def one_line(value: str) -> str:
    """Visible characters with every run of white space a single space."""
    return " ".join(seen(value).split())


def plain(value: str) -> str:
    """Text that is no markup, with its own line breaks: paragraphs stay separated by one blank line."""
    return _tidy(_SPACES.sub(" ", seen(value)))


def html_to_text(markup: str) -> str:
    """The words of an HTML fragment: paragraphs separated by a blank line, list items and rows on lines of their own.

    Scripts, styles and drawings are left out, and so are links and closing lines that only say "read more" or "The
    post … appeared first on …". A `<q>` gets its quotation marks.
    """
    if "<" not in markup:
        return plain(_ANY_SPACE.sub(" ", html.unescape(markup)) if "&" in markup or "\n" in markup else markup)
    out: list[str] = []
    words_from = look_from = 0
    link: int | None = None  # where in `out` the text of the open link begins
    never_closed: set[str] = set()
    while (start := markup.find("<", look_from)) >= 0:
        token = _TOKEN.match(markup, start)
        if token is None:  # a "<" that is only a character
            look_from = start + 1
            continue
        if start > words_from:
            out.append(_words(markup[words_from:start]))
        words_from = look_from = token.end()
        if token["cdata"] is not None:
            out.append(_words(token["cdata"]))
        if token["name"] is None:
            continue
        name = token["name"].lower().rpartition(":")[2]
        closing = bool(token["end"])
        if name in _PARAGRAPHS:
            out.append("\n\n")
        elif name == "br":
            out.append("\n")
        elif name in _LINES:
            out.append(_NEW_LINE)
        elif name in _CELLS:
            out.append(" ")
        elif name == "q":
            out.append("\u201d" if closing else "\u201c")
        elif name == "a":
            if closing and link is not None and _is_more_link(out[link:]):
                del out[link:]
            link = None if closing else len(out)
        elif name in _SKIPPED and not closing and name not in never_closed:
            close = _SKIPPED[name].search(markup, look_from)
            if close:
                words_from = look_from = close.start()
            elif name in ("script", "style"):
                return _finish(out)
            else:
                never_closed.add(name)
    out.append(_words(markup[words_from:]))
    return _finish(out)


def _is_more_link(pieces: list[str]) -> bool:
    if sum(map(len, pieces)) > _MORE_LINK_LIMIT:
        return False
    return _MORE_LINK.fullmatch("".join(pieces)) is not None


def _finish(pieces: list[str]) -> str:
    text = _tidy(seen("".join(pieces)))
    kept, _, last = text.rpartition("\n")
    return kept.rstrip() if kept and len(last) <= _LAST_LINE_LIMIT and _LAST_LINE.fullmatch(last) else text


def _words(piece: str) -> str:
    if "&" in piece:
        piece = html.unescape(piece)
    return _ANY_SPACE.sub(" ", piece)


def _tidy(text: str) -> str:
    """Single spaces, no spaces around a line break, at most one blank line, nothing at either end."""
    return _BREAKS.sub(_break, _DOUBLE_SPACES.sub(" ", text)).strip()


def _break(run: re.Match[str]) -> str:
    return "\n\n" if run[0].count("\n") > 1 else "\n"
