"""A long document, a page at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.command.invocation import Invocation, invocation
from bot.core.message.document import Actions, Block, Bullets, Button, Document, Heading, Pager, Prose, Text
from bot.core.message.pages import PAGE, paged, weight


def turn(page: int) -> Invocation:
    return invocation("story", story=1, page=page)


def prose(length: int) -> Prose:
    return Prose((Text("x" * length),))


blocks = st.lists(
    st.one_of(
        st.integers(1, 40).map(lambda n: Heading("h" * n, level=2)),
        st.integers(1, 2 * PAGE).map(prose),
        st.lists(st.integers(1, 800).map(lambda n: (Text("y" * n),)), min_size=1, max_size=12).map(
            lambda items: Bullets(tuple(items))
        ),
    ),
    max_size=15,
)


def words(document: Document) -> str:
    """All letters, in order, without what pages add."""
    found = []
    for block in document.blocks:
        match block:
            case Heading(text=text):
                found.append(text)
            case Prose(content=content):
                found += [inline.text for inline in content if isinstance(inline, Text)]
            case Bullets(items=items):
                found += [inline.text for item in items for inline in item if isinstance(inline, Text)]
    return "".join(found)


@given(blocks)
def test_the_pages_together_are_the_document(content: list[Block]) -> None:
    whole = Document("summary", tuple(content))
    first = paged(whole, 1, turn)
    pager = next((block for block in first.blocks if isinstance(block, Pager)), None)
    if pager is None:
        assert first == whole
        return
    pages = [paged(whole, number, turn) for number in range(1, pager.of + 1)]
    assert "".join(map(words, pages)) == words(whole)
    for page in pages:
        shown = [block for block in page.blocks if not isinstance(block, Pager)]
        assert shown
        # A block that is longer than a page stands alone; nothing else may make a page too long.
        assert sum(map(weight, shown)) <= PAGE + 60 or sum(not isinstance(block, Heading) for block in shown) == 1


def test_a_page_says_which_it_is_and_turns_both_ways() -> None:
    whole = Document("summary", tuple(prose(PAGE - 100) for _ in range(3)))
    assert paged(whole, 2, turn).blocks[-1] == Pager(number=2, of=3, earlier=turn(1), later=turn(3))
    assert paged(whole, 1, turn).blocks[-1] == Pager(number=1, of=3, later=turn(2))
    assert paged(whole, 99, turn).blocks[-1] == Pager(number=3, of=3, earlier=turn(2))


def test_what_can_be_done_stands_on_every_page() -> None:
    actions = Actions((Button("Follow", invocation("follow", story=1)),))
    whole = Document("summary", (prose(PAGE - 100), prose(PAGE - 100), actions))
    assert all(actions in paged(whole, number, turn).blocks for number in (1, 2))


def test_a_heading_goes_with_what_follows_it() -> None:
    whole = Document("summary", (prose(PAGE - 500), Heading("Sources", level=2), prose(600)))
    assert [type(block) for block in paged(whole, 1, turn).blocks] == [Prose, Pager]
    assert [type(block) for block in paged(whole, 2, turn).blocks] == [Heading, Prose, Pager]
