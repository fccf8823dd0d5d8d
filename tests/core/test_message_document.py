"""What no platform could carry is refused where it is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.core.command.invocation import invocation
from bot.core.message.document import (
    LABEL_LIMIT,
    Actions,
    Button,
    ChoiceEntry,
    Document,
    Field,
    Fields,
    File,
    Form,
    LinkButton,
    Option,
    Pager,
    Picture,
    Quote,
    Select,
    Text,
    TextEntry,
    label_of,
)

SAY = invocation("story", story=1)


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=200))
def test_a_label_is_cut_between_words_and_says_so(text: str) -> None:
    label = label_of(text)
    assert 1 <= len(label) <= LABEL_LIMIT
    if label != text:
        assert len(text) > LABEL_LIMIT
        assert label.endswith("…")
        assert text.startswith(label[:-1])


def test_a_document_with_everything_is_read_back_as_it_was() -> None:
    """As the database keeps it: a file's bytes too."""
    whole = Document(
        "summary",
        (
            Quote((Text("words"),)),
            Fields((Field("When", (Text("weekdays at 9"),)),)),
            Picture("chart.png", "a rising line"),
            Actions(
                (
                    Button("Follow", SAY, "primary"),
                    LinkButton("Open", "https://x.example/"),
                    Select("Desk", SAY, "desk", (Option("Games", "games"),)),
                )
            ),
            Pager(number=1, of=2, later=SAY),
        ),
        (File("chart.png", "image/png", bytes(range(256))),),
    )
    adapter = TypeAdapter(Document)
    assert adapter.validate_json(adapter.dump_json(whole)) == whole


@pytest.mark.parametrize(
    "make",
    [
        lambda: Button("x" * 76, SAY),
        lambda: Button("", SAY),
        lambda: Button("Press", invocation("story", story="x" * 100)),
        lambda: Select("Pick", SAY, "x", ()),
        lambda: Select("Pick", SAY, "x", tuple(Option(str(n), str(n)) for n in range(26))),
        lambda: Actions(tuple(Button("Press", SAY) for _ in range(26))),
        lambda: Form(title="x" * 25, invoke=SAY, entries=(TextEntry(name="a", label="A"),), submit="Save"),
        lambda: Form(title="Edit", invoke=SAY, entries=(), submit="Save"),
        lambda: Form(
            title="Edit", invoke=SAY, entries=tuple(TextEntry(name=str(n), label="A") for n in range(6)), submit="Save"
        ),
        lambda: Form(title="Edit", invoke=SAY, entries=(TextEntry(name="a", label="A"),) * 2, submit="Save"),
        lambda: TextEntry(name="a", label="A" * 46),
        lambda: TextEntry(name="a", label="A", most=3001),
        lambda: ChoiceEntry(name="a", label="A", options=()),
    ],
)
def test_what_no_platform_carries_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"characters|takes|has|at most|two fields"):
        make()
