"""HTML to plain text without a tree.

Feed markup is read for its words only: nothing of it is ever shown as markup. So there is no sanitiser and no tree
here; tags become nothing, line breaks or blank lines, by a few regular expressions that follow HTML's own tokenizer
as far as it decides what is text. Their quantifiers are possessive or bounded, so none backtracks: nesting 10⁵ deep, a
tag with 200,000 attributes and unclosed anything cost what their bytes cost. (A sanitiser before the depth is capped
takes seconds for the first; a Python tokenizer takes 45 ms for a feed of 110 KB, this 4.)

What comes out is text: `&lt;b&gt;` in a feed becomes the three characters `<b>`, and it is for whoever shows it to
escape them.
"""

from __future__ import annotations

import html
import re

# The rest of a tag after its name. A value may hold ">", and a quote means something only after "=" (HTML, "before
# attribute value state"). An unfinished tag goes on to the end, as in a browser.
_REST = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+(?:>|\Z)"""
_NAME_ENDS = r"(?=[\s/>]|\Z)"
_TAG = re.compile(rf"<(/?[a-z][a-z0-9]*)[^\s/>]*+{_REST}", re.I)
# What may be left with "<!", "<?" or "</": declarations and other comments.
_BOGUS_COMMENT = re.compile(r"<(?:[!?]|/(?!\s*\Z))[^>]*+(?:>|\Z)")

_NEW_LINE = "\t"
"""Stands for "on a new line", however many of them meet; the text itself has no tabs left by then."""
_NEW_LINES = re.compile(r"\t[\t ]*+")


def _both(names: str, becomes: str) -> dict[str, str]:
    return {slash + name: becomes for name in names.split() for slash in ("", "/")}


class _Breaks(dict[str, str]):
    """What each tag becomes, by its name with the slash of an end tag; all others become nothing."""

    def __missing__(self, name: str) -> str:
        return self.get(name.lower(), "")


_BREAKS = _Breaks(
    {
        **_both("a b em i img span strong", ""),  # the commonest of those that become nothing
        **_both(
            """address article aside blockquote body center details dialog div dl fieldset figcaption figure footer form
            h1 h2 h3 h4 h5 h6 header hgroup hr main nav ol p pre section summary table ul""",
            "\n\n",
        ),
        **_both("dd dt li option tr caption tbody thead tfoot", _NEW_LINE),
        **_both("td th", " "),
        "br": "\n",  # and "/br" nothing: feedparser writes <br/> as <br></br>
        "q": "\u201c",
        "/q": "\u201d",
    }
)

# What is not text, or text for machines: everything up to the end tag goes.
_HIDING = "script style svg math iframe noembed noframes object template select button textarea".split()
_HIDDEN = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z))
    | <!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)
    | <(?P<name>{"|".join(_HIDING)}){_NAME_ENDS}{_REST}
    """,
    re.S | re.X | re.I,
)
_MAY_HIDE = re.compile(rf"<(?:!|{'|'.join(_HIDING)})")
_SWALLOWS_ALL = ("script", "style")
"""Unclosed, these hide the rest of the text; of the others only the tag goes."""

# Links and closing lines that feeds append; they go where they are the whole of a link or of the last line.
_LINK = re.compile(r"<a\s[^<>]{0,2000}+>(?P<text>[^<]{0,300}+(?:<(?!/?a[\s>])[^<]{0,300}+){0,8}+)</a\s*>", re.I)
_MORE = re.compile(
    r"\W*(?:(?:continue|keep) reading\b.*|\[\W*(?:link|comments|more|\.\.\.|…)\W*\]|click here|learn more"
    r"|read (?:the )?(?:more|full (?:story|article|post)|rest)(?: here)?)\W*",
    re.I | re.S,
)
_LAST_LINE = re.compile(
    r"(?:the post .{1,600} (?:first )?appeared (?:first )?on .{1,200}"
    r"|(?:continue reading|read more|read the full (?:story|article)|keep reading)\b.{0,300})",
    re.I,
)
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


def seen(value: str) -> str:
    """`value` without characters that show nothing or reorder what is shown, and with ends of line as `\\n`."""
    if value.isascii() and value.isprintable():
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub("", value.translate(_WINDOWS_1252)) if _UNSEEN.search(value) else value


def one_line(value: str) -> str:
    """Visible characters with every run of white space a single space."""
    return " ".join(seen(value).split())


def plain(value: str) -> str:
    """Text that is no markup, with its own line breaks: paragraphs stay separated by one blank line."""
    return _lines(seen(value))


def html_to_text(markup: str) -> str:
    """The words of an HTML fragment: paragraphs separated by a blank line, list items and rows on lines of their own.

    Scripts, styles and drawings are left out, and so are links and closing lines that only say "read more" or "The
    post … appeared first on …". A `<q>` gets its quotation marks.
    """
    text = markup.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if "<" in text:
        # Looking for a word first is many times cheaper than a pattern that finds nothing.
        lower = text.lower()
        if _MAY_HIDE.search(lower):
            text = _without_hidden(text)
        if "<a" in lower and _may_say_more(lower):
            text = _LINK.sub(_unless_more, text)
        pieces = _TAG.split(text)  # words, name of a tag, words, name of a tag, words
        pieces[1::2] = [_BREAKS[name] for name in pieces[1::2]]
        text = "".join(pieces)
        if "<" in text:
            text = _BOGUS_COMMENT.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    text = _lines(_NEW_LINES.sub("\n", text))
    kept, _, last = text.rpartition("\n")
    return kept.rstrip() if kept and len(last) <= _LAST_LINE_LIMIT and _LAST_LINE.fullmatch(last) else text


def _may_say_more(lower: str) -> bool:
    """Whether `_MORE` may be somewhere in a text in lower case."""
    if "[" in lower or "learn more" in lower or "click here" in lower:
        return True
    return "read" in lower and any(words in lower for words in ("reading", "read more", "read the", "read full"))


def _without_hidden(markup: str) -> str:
    out: list[str] = []
    position = 0
    never_closed: set[str] = set()
    while found := _HIDDEN.search(markup, position):
        out.append(markup[position : found.start()])
        position = found.end()
        if found["cdata"] is not None:
            out.append(html.escape(found["cdata"], quote=False))
        if not found["name"]:
            continue
        name = found["name"].lower()
        if name in never_closed:
            continue
        end = re.compile(rf"</{name}{_NAME_ENDS}", re.I).search(markup, position)
        if end:
            position = end.start()
        elif name in _SWALLOWS_ALL:
            return "".join(out)
        else:
            never_closed.add(name)
    return "".join([*out, markup[position:]])


def _unless_more(link: re.Match[str]) -> str:
    words = html.unescape(_TAG.sub("", link["text"]))
    return "" if _MORE.fullmatch(words) else link[0]


def _lines(text: str) -> str:
    """Only what is seen, single spaces, none around a line break, at most one blank line, nothing at either end."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line.isascii() and line.isprintable() and "  " not in line:  # as most are: no need to look at each word
            line = line.strip()
        else:
            line = " ".join(seen(" ".join(line.split())).split())
        if line or (kept and kept[-1]):
            kept.append(line)
    if kept and not kept[-1]:
        kept.pop()
    return "\n".join(kept)
