"""The README's picture."""

from __future__ import annotations

from tests.screenshot import picture


def test_a_picture_shows_the_output_and_loads_nothing() -> None:
    svg = picture(
        "\x1b[1mStrike\x1b[0m \x1b]8;;https://outlet.example/\x1b\\here\x1b]8;;\x1b\\\n", title="slugline demo"
    )
    assert ">Strike<" in svg
    assert "url(" not in svg.replace("url(#", "")
    assert "\x1b" not in svg
