from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.watch.fault import QueryError
from bot.core.watch.names import EntryKey, Meaning
from bot.core.watch.parser import DEEPEST, MOST_CHARACTERS, MOST_TERMS, advice, parse
from bot.core.watch.query import (
    Fact,
    FactKind,
    Named,
    NameKind,
    Near,
    Query,
    Spot,
    Words,
    all_of,
    any_of,
    negated,
    written,
)
from tests.core.watch.queries import EveryName, random_query


class Guilds:
    """Knows one guild under two names, and that two bills share a number."""

    def meaning(self, kind: NameKind, name: str) -> Meaning:
        if kind is NameKind.GUILD and name.casefold() in ("wga", "writers guild"):
            return Meaning((EntryKey("wga"),))
        if kind is NameKind.BILL and name == "AB 412":
            return Meaning(instead=("CA AB 412", "NV AB 412"))
        return Meaning(instead=("wga",) if name.startswith("w") else ())


def word(text: str) -> Words:
    return Words((text,))


A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Strike", word("strike")),
        ("a b", all_of([A, B])),
        ("a AND b OR c", any_of([all_of([A, B]), C])),
        ("a (b OR c)", all_of([A, any_of([B, C])])),
        ("a NOT b", all_of([A, negated(B)])),
        ("a NOT NOT b", all_of([A, B])),
        ("a NOT (b c)", all_of([A, negated(all_of([B, C]))])),
        ("a and b", all_of([A, word("and"), B])),
        ('"exact phrase"', Words(("exact", "phrase"))),
        ("“curly phrase”", Words(("curly", "phrase"))),
        ('"hold an elect*"', Words(("hold", "an", "elect"), prefix=True)),
        ("unioni*", Words(("unioni",), prefix=True)),
        ("SAG-AFTRA", Words(("sag", "aftra"))),
        ("A.I.", word("ai")),
        ("don’t", word("don't")),
        ("人工智能*", Words(("人", "工", "智", "能"))),
        ("a near/5 b", Near((Spot((A,)), Spot((B,))), (5,))),
        ("a NEAR/5 b near/2 c", Near((Spot((A,)), Spot((B,)), Spot((C,))), (5, 2))),
        ("(a OR b) near/5 guild:wga", Near((Spot((A, B)), Spot((Named(NameKind.GUILD, "wga"),))), (5,))),
        ("NOT a near/5 b c", all_of([negated(Near((Spot((A,)), Spot((B,))), (5,))), C])),
        ("source:Deadline.com", Fact(FactKind.SOURCE, "deadline.com")),
        ("source:https://www.deadline.com/feed/", Fact(FactKind.SOURCE, "deadline.com")),
        ('source:"The  Guardian"', Fact(FactKind.SOURCE, "the guardian")),
        ("a lang:pt_BR", all_of([A, Fact(FactKind.LANG, "pt-br")])),
        ('Bill:"CA AB 412"', Named(NameKind.BILL, "ca ab 412")),
        ("case:“Bartz v. Anthropic”", Named(NameKind.CASE, "bartz v. anthropic")),
        ("pack:guilds", Named(NameKind.PACK, "guilds")),
        ("12:30", Words(("12", "30"))),
        ("a(b)c", all_of([A, B, C])),
        ("a a", A),
    ],
)
def test_reads(text: str, expected: Query) -> None:
    assert parse(text) == expected


def test_language_may_be_a_choice_beside_what_must_be_there() -> None:
    languages = any_of([Fact(FactKind.LANG, "en"), Fact(FactKind.LANG, "fr")])
    assert parse("strike (lang:en OR lang:fr)") == all_of([word("strike"), languages])


@pytest.mark.parametrize(
    ("text", "marked", "right"),
    [
        ("lnag:en strike", "lnag:", "did you mean lang:?"),
        ("strike lang:english", "english", "did you mean lang:en?"),
        ("site:deadline.com", "site:", "did you mean source:?"),
        ("https://deadline.com/x", "https:", "did you mean source:deadline.com?"),
        ("colour:red", "colour:", '"colour red"'),
        ("strike -sag", "-", "did you mean NOT sag?"),
        ('strike -"sag aftra"', "-", "NOT"),
        ("strike | walkout", "|", "did you mean OR?"),
        ("strike && walkout", "&&", "did you mean AND?"),
        ("strike w/5 writers", "w/5", "did you mean near/5?"),
        ("strike near:5 writers", "near:", "did you mean near/5?"),
        ("strike near/0 writers", "near/0", "from 1 to 100"),
        ("strike near/٣ writers", "near/٣", "from 1 to 100"),
        ("strike NEAR writers", "NEAR", "near/5"),
        ("a near/5 (b AND c)", "(b AND c)", "words, phrases, names"),
        ("a near/5 NOT b", "near/5", "write a word there"),
        ("a near/5 source:variety", "source:variety", "words, phrases, names"),
        ("Simon & Schuster", "&", "in quotes"),
        ("un*on", "*", "unioni*"),
        ("*ion", "*", "unioni*"),
        ("u*", "*", "unioni*"),
        ("*", "*", "unioni*"),
        ('"the un*on"', "*", "unioni*"),
        ("(strike", "(", "put a )"),
        ("strike)", ")", "put a ("),
        ("strike ()", "()", "take them away"),
        ('strike "no end', '"', "where the phrase ends"),
        ("strike AND", "AND", '"and" in quotes'),
        ("OR strike", "OR", '"or" in quotes'),
        ("strike OR OR walkout", "OR", '"or" in quotes'),
        ("(NOT) strike", "NOT", '"not" in quotes'),
        ("source: variety", "source:", "source:deadline.com"),
        ('guild:""', 'guild:""', "guild:wga"),
        ("source:…", "…", "source:deadline.com"),
        ("NOT strike", "NOT strike", "must be there"),
        ("strike OR NOT sag", "NOT sag", "must be there"),
        ("lang:en", "lang:en", "must be there"),
        ("strike OR (lang:en NOT sag)", "(lang:en NOT sag)", "must be there"),
        ("guild:wgaa", "wgaa", "did you mean guild:wga?"),
        ('bill:"AB 412"', "AB 412", 'did you mean bill:"CA AB 412" or bill:"NV AB 412"?'),
        ("guild:nobody", "nobody", "packs"),
        ("desk:guild", "guild", "did you mean desk:guilds?"),
        ("desk:zzz", "zzz", "guilds, trades"),
    ],
)
def test_refuses_with_the_place_and_what_would_be_right(text: str, marked: str, right: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, Guilds(), ("trades", "guilds"))
    error = caught.value
    assert (text[error.start : error.end], right in error.right) == (marked, True), str(error)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_refuses_an_empty_query(text: str) -> None:
    with pytest.raises(QueryError, match="nothing to look for"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("strike " * 1_500, MOST_CHARACTERS),
        ("(" * 200 + "a" + ")" * 200, DEEPEST),
        ("a " * 1_000, MOST_TERMS),
        ("NOT(" * 200 + "a" + ")" * 200, DEEPEST),
        ("((a OR " * 60, DEEPEST),
    ],
)
def test_refuses_beyond_its_limits_and_names_them(text: str, limit: int) -> None:
    with pytest.raises(QueryError, match=f"{limit:,}"):
        parse(text)


def test_takes_what_its_limits_allow() -> None:
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == A
    assert parse("NOT " * 998 + "a") == A
    assert parse(" OR ".join(["ab", "cd"] * (MOST_TERMS // 2))) == any_of([word("ab"), word("cd")])
    deep = "a"
    for level in range(DEEPEST - 1):
        deep = f"({deep} {'OR b' if level % 2 else 'AND c'})"
    assert parse(written(parse(deep))) == parse(deep)


def test_names_in_any_spelling_get_their_entries() -> None:
    assert parse('guild:"Writers Guild"', Guilds()) == Named(NameKind.GUILD, "writers guild", ("wga",))


def test_operators_in_small_letters_are_words_and_it_is_said() -> None:
    assert [hint[:4] for hint in advice(parse("strike or (walkout and not sag)"))] == ['"and', '"or"', '"not']
    assert advice(parse('strike OR "walk and talk" NOT sag')) == ()


@pytest.mark.parametrize(
    ("text", "line", "carets"),
    [
        ("strike lnag:en", "strike lnag:en", "       ^^^^^"),
        ("日本 lnag:en", "日本 lnag:en", "     ^^^^^"),
        ("cafe\u0301\tlnag:en", "cafe\u0301 lnag:en", "     ^^^^^"),
        ("", "", "^"),
    ],
)
def test_carets_stand_under_the_place(text: str, line: str, carets: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.caret() == (line, carets)


def test_carets_of_a_long_query_stand_under_a_part_of_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse("strike " * 40 + "lnag:en " + "strike " * 40)
    line, carets = caught.value.caret()
    assert len(line) < 80
    assert line[carets.index("^") : carets.rindex("^") + 1] == "lnag:"


@given(st.randoms(use_true_random=False))
def test_what_is_written_is_read_as_the_same(chance: random.Random) -> None:
    query = random_query(chance)
    try:
        parsed = parse(written(query), EveryName())
    except QueryError:  # it may ask for nothing to be there, but nothing else may be wrong with it
        query = all_of([query, A])
        parsed = parse(written(query), EveryName())
    assert parsed == query
    assert written(parsed) == written(query)


PIECES = (
    *'()"*:/-+|&!~“”（）. ',
    *("AND ", "OR ", "NOT ", "near/", "near/5 ", "guild:", "source:", "lang:en", "bill:", "x.com", "'s", "*", "U.S."),
    *("a", "strike ", "A.I.", "o'b", "人工", "ß", "\u0301", "\u200d", "㈱", "\ud800"),
)
QUERYISH = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=40)


@given(QUERYISH)
def test_any_text_is_read_and_read_again_or_refused_in_its_place(text: str) -> None:
    read = _read(text)
    if isinstance(read, QueryError):
        assert 0 <= read.start <= read.end <= len(text)
        assert "\n" not in str(read)
        assert "^" in read.caret()[1]
    else:
        assert parse(written(read)) == read


def _read(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as error:
        return error
