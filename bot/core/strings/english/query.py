"""What is wrong with a query, what would be right, and what a query can say."""

from __future__ import annotations

from collections.abc import Sequence

# --- what is wrong with a query, and what would be right: shown as "WRONG; RIGHT" with a caret under the place ---

NOTHING_ASKED = "there is nothing to look for"
ASK_SOMETHING = 'write a word, a "phrase in quotes" or a name such as guild:wga'


def too_long(length: int, most: int) -> str:
    return f"the query has {length:,} characters, and at most {most:,} can be taken"


def too_many_terms(most: int) -> str:
    return f"the query has more than {most:,} terms, and at most that many can be taken"


def too_deep(most: int) -> str:
    return f"the brackets are more than {most} deep, and at most that deep can be taken"


MAKE_SEVERAL = "make several watches of it"
FEWER_BRACKETS = "take away brackets that change nothing"
BRACKET_OPEN = "this bracket is never closed"
CLOSE_IT = "put a ) where its group ends"
BRACKET_CLOSED = "this bracket closes nothing"
OPEN_IT = "put a ( where the group begins, or take this one away"
BRACKET_EMPTY = "there is nothing in these brackets"
FILL_OR_DROP = "put a word in or take them away"
QUOTE_OPEN = "this quotation is never closed"
CLOSE_QUOTE = 'put a " where the phrase ends'


def no_words(typed: str) -> str:
    return f"there are no letters or digits to look for in {typed!r:.60}"


LEAVE_OUT = "leave it out, or put a whole name with such a sign in quotes"


def side_missing(operator: str) -> str:
    return f"{operator} has nothing {'behind' if operator == 'NOT' else 'on one side of'} it"


def complete(operator: str) -> str:
    return f'write a word there, or "{operator.lower()}" in quotes to look for the word itself'


def did_you_mean(*names: str) -> str:
    return f"did you mean {' or '.join(names[:3])}?"


def not_a_sign(sign: str) -> str:
    return f"{sign} means nothing here"


NEAR_WHAT = "near/ needs a number of words"


def near_range(most: int) -> str:
    return f"write near/5, or another number from 1 to {most}"


def near_joins(within: int) -> str:
    return f"near/{within} cannot join this"


NEAR_TAKES = "it joins words, phrases, names such as guild:wga, and groups of them such as (strike OR walkout)"
STAR_INSIDE = "a star can stand at the end of a word only"
STAR_WHERE = "write the beginning of the word and the star, such as unioni*"


def star_short(least: int) -> str:
    return f"a star needs at least {least} letters before it"


def no_field(name: str) -> str:
    return f"there is no {name + ':'!r:.40}"


def fields(names: Sequence[str], typed: str) -> str:
    listed = ", ".join(f"{name}:" for name in names)
    return f'write one of {listed} or put the words in quotes: "{typed:.60}"'


def value_missing(field: str) -> str:
    return f"{field}: has no value"


def value_close(field: str, example: str) -> str:
    return f"write it right behind the colon, such as {field}:{example}"


def no_language(typed: str) -> str:
    return f"{typed!r:.60} is no language code"


LANGUAGE_CODES = "write its code, such as lang:en, lang:fr or lang:pt-br"


def no_desk(typed: str) -> str:
    return f"there is no desk {typed!r:.60}"


def desks(names: Sequence[str]) -> str:
    return f"the desks are {', '.join(names)}"


def no_name(kind: str, typed: str) -> str:
    return f"there is no {kind} {typed!r:.60}"


SEE_PACKS = "see the list of packs, or watch for its words"
ONLY_EXCLUDES = "this asks only for what must not be there"
EITHER_EXCLUDES = "this side of OR asks only for what must not be there"
ONLY_LANGUAGE = "a language alone would bring every article in it"
ADD_POSITIVE = "add a word, a name, a source or a desk that must be there"

# --- advice on a query that can be used, but may not mean what was meant ---------------------------------------


def is_a_word(word: str) -> str:
    return f'"{word}" is looked for as a word; the operator is {word.upper()}, in capitals'


# --- the query language, for `help` ----------------------------------------------------------------------------

HELP_TITLE = "What a watch can look for"
EXAMPLES: tuple[tuple[str, str], ...] = (
    ("strike", "the word, in any case: not in “strikes”, nor inside “restrike”"),
    ('"digital replica"', "these words in this order, whatever stands between them but letters"),
    ("unioni*", "every word that begins so: “unionize”, “unionising”"),
    ("writers strike", "both, anywhere in the article; writers AND strike is the same"),
    ("strike OR walkout", "either"),
    ("strike NOT baseball", "the one where the other is not"),
    ("(strike OR walkout) writers", "either of the two, and the third"),
    ("training near/5 consent", "the one at most five words before or after the other"),
    ("(deepfake OR clone) near/10 guild:sag-aftra", "groups and names can be near, too"),
    ("guild:wga", "a guild or union under all its names: “WGA”, “Writers Guild of America”"),
    ('bill:"CA AB 412"', "a bill, however it is written, but not another state’s of that number"),
    ('case:"NYT v. OpenAI"', "a case in court"),
    ("pack:guilds strike", "any entry of a pack, and a word"),
    ("source:deadline.com AI", "from that site, with the word; source:variety goes by the outlet’s name"),
    ("desk:guilds", "everything that a desk brings"),
    ("copyright lang:en", "in that language, where the article says which it is in"),
    ('"and" OR "not"', "the words themselves: an operator in quotes is a word"),
)
"""Each a query and what it finds."""


def rules(*, terms: int, characters: int, deep: int, stem: int, near: int) -> tuple[str, ...]:
    """What goes for all queries."""
    return (
        "AND, OR and NOT are operators in capitals; in small letters they are words like any other.",
        "NOT binds before AND, and AND before OR; brackets change that. Terms side by side must all be there.",
        "Words are found whole, in any case and with any apostrophe. Hyphens part words: WGA is found in “WGA-backed”, "
        "and SAG-AFTRA means both words in a row. A possessive ’s and the dots of A.I. make no difference; accents do.",
        "In Chinese, Japanese, Thai and other scripts without spaces, words are found anywhere in the text.",
        "A phrase and near stay within the headline or within the text.",
        "A query must ask for something to be there: one that only says NOT, or only names a language, is refused.",
        f"A star needs {stem} letters before it, and near/ a number from 1 to {near}. A query takes up to "
        f"{characters:,} characters, {terms:,} terms and brackets {deep} deep.",
    )
