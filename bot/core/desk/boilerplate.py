"""Lines in article text that are no reporting: sign-ups, credits, captions, aggregator lines, cross-links.

Recognised by their shape, sentence by sentence. A false alarm costs one sentence of one article, a miss puts
"Sign up for our newsletter" into an analysis, so the patterns lean towards dropping.
"""

from __future__ import annotations

import re

_ANYWHERE = re.compile(
    r"""
    \bsign(?:ing)?\s?up\s(?:for|to|here|now)\b | \bsubscri(?:be|ption|bers?)\b.{0,40}\b(?:today|now|newsletter|here|
        free|access|read|to\sour|to\sthe)\b
  | \b(?:our|daily|weekly|free|the|email)\s(?:e-?mail\s)?newsletters?\b
  | \bin\syour\sinbox\b | \byour\se?-?mail\saddress\b
  | \bfollow\s(?:us|me|him|her|them|@?\w+)\son\s(?:twitter|facebook|instagram|x\b|threads|bluesky|linkedin)
  | \blike\sus\son\sfacebook\b | \bdownload\s(?:the|our)\s\w+\sapp\b
  | \b(?:this|the)\s(?:article|story|post|piece)\s(?:was\s)?(?:first|originally)\s(?:appeared|published|ran)\b
  | \b(?:this|the)\s(?:article|story|post|piece)\shas\sbeen\s(?:updated|corrected|amended)\b
  | \bappeared\sfirst\son\b | \boriginally\s(?:appeared|published)\s(?:on|in|by|at)\b | \brepublished\s(?:from|with)\b
  | \bread\sthis\sarticle\sin\sfull\b | \bclick\shere\b | \barticle\surl:|\bcomments\surl:|^points:\s\d
  | \bcookies?\b.{0,40}\b(?:accept|policy|consent|use|settings)\b
  | \bprivacy\spolicy\b | \bterms\sof\s(?:use|service)\sapply\b
  | \ball\srights\sreserved\b | \bcopyright\s(?:©|\(c\)|\d{4})| ©\s?\d{4}
  | \baffiliate\s(?:links?|commission)\b | \bearn\sa\scommission\b | \bproducts?\srecommended\sby\b
  | \bphoto(?:graph)?s?\s(?:by|credit|courtesy|illustration)\b | \bimage\s(?:credit|source|courtesy)\b | \bcredit:\s
  | \bgetty\simages\b | \bafp\svia\b | \bpicture:\s | \bfile\sphoto\b
  | \b(?:in|from)\s(?:a|an|this)\s(?:undated\s)?(?:photo|image|picture|video\sstill|handout|illustration)\b
  | \bscreenshot\sby\b | \billustration\sby\b
  | \bwatch:\s | \bread\s(?:more|next|also):?\s | \bsee\salso:\s | \brelated:\s | \blisten\sto\sthe\spodcast\b
  | \breporting\sby\b.{0,80}\b(?:editing|writing|additional)\b | \badditional\sreporting\sby\b | \bediting\sby\b
  | \bcontributed\sto\sthis\s(?:report|story|article)\b | \bjavascript\b.{0,30}\b(?:enable|disabled|required)\b
  | \bhave\sa\s(?:news\s)?tip\b | \bgot\sa\stip\b | \bsend\s(?:us\s)?(?:your\s)?tips\b
  | \bwe(?:'|’)?(?:ve|\shave)\sreached\sout\b
  | \breached\sout\sto\s.{0,60}\sfor\scomment\b
  | \b(?:will|and)\supdate\s(?:this|the)\s(?:story|article|post)\b | \bcomments\s(?:below|section)\b
  | \bjoin\sthe\sconversation\b | \badvertisement\b | \bsponsored\s(?:content|by)\b | ^\W*(?:disclosure|disclaimer)\W
  | \b(?:explains|discusses|talks\sabout|breaks\sdown)\s(?:what|why|how)\b | https?://\S+ | \bwww\.\S+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WHOLE = re.compile(
    r"""
    ^\W*(?:
        (?:read|learn|see|view|show|find\sout)\smore\b.* | (?:continue|keep)\sreading\b.* | more\s(?:on|from)\b.{0,60}
      | share\b.{0,40} | save\b.{0,20} | (?:by|from)\s[A-Z][\w.’'-]+(?:\s[A-Z][\w.’'-]+){1,3} | [\w\s]+\|\s.*
      | updated?:?\s.{0,60}
      | published:?\s.{0,60} | tags?:.* | topics?:.* | editor[’']?s?\snote:?.* | live\supdates?:?.* | breaking:?
    )\W*$
  | \((?:[A-Z][\w.’'-]+\s){1,4}[A-Z][\w.’'-]*/[^)]{2,40}\)\W*$        # (Dado Ruvic/Reuters)
  | ^\W*[A-Z][\w.\s’'-]{2,40}/(?:Getty|AP|AFP|Reuters|EPA|Bloomberg|Shutterstock|PA)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


# "A sign is posted on a door in New York on April 29, 2022.": the present tense with a full date is a caption's.
_CAPTION = re.compile(
    r"^(?!.*\b(?:said|says|was|were|will|had|filed|announced|according)\b).*\b(?:is|are|holds?|walks?|stands?|poses?|looks?|pickets?|"
    r"attends?|speaks?|arrives?|gathers?|carry|carries|marche?s?|displayed|seen|pictured|shown)\b.*"
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2},\s\d{4}\W*$"
)


def is_boilerplate(sentence: str) -> bool:
    """Whether the sentence is something other than reporting. Only its first 700 characters are read."""
    head = sentence[:700]
    return bool(_ANYWHERE.search(head) or _WHOLE.search(head) or _CAPTION.search(head))
