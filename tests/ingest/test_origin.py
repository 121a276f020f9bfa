"""After any number of edits, each character still knows where it stood in the raw file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.origin import Text
from library.records import Span

WORDS = st.text(st.sampled_from("科技abc，。 \n&;("), max_size=6)


@dataclass
class Traced:
    """A text beside what a simple list says of it: the raw offset of each character that nobody touched."""

    raw: str
    text: Text
    untouched: list[int | None]

    def edit(self, edits: list[tuple[int, int, str]]) -> None:
        self.text = self.text.replace(edits)
        for start, end, new in reversed(edits):
            self.untouched[start:end] = [None] * len(new)

    def hold(self) -> None:
        starts, stops = self.text.starts.tolist(), self.text.stops.tolist()
        assert len(self.text.chars) == len(starts) == len(stops) == len(self.untouched)
        assert starts == sorted(starts)
        assert stops == sorted(stops)
        assert all(0 <= a <= b <= len(self.raw) for a, b in zip(starts, stops, strict=True))
        for i, at in enumerate(self.untouched):
            if at is not None:
                assert (starts[i], stops[i]) == (at, at + 1)
                assert self.raw[at] == self.text.chars[i]


@st.composite
def traced(draw: st.DrawFn) -> Traced:
    """A page as a loader gives it: stretches of the raw file, some left out, some read as references."""
    raw, pieces, untouched = "", [], []
    for stretch in draw(st.lists(WORDS, min_size=1, max_size=6)):
        kind = draw(st.sampled_from(["plain", "reference", "dropped"]))
        if kind == "plain":
            pieces.append(Text.from_raw(stretch, len(raw)))
            untouched += range(len(raw), len(raw) + len(stretch))
        elif kind == "reference":
            chars = draw(WORDS)
            pieces.append(Text.made_from(chars, len(raw), len(raw) + len(stretch)))
            untouched += [None] * len(chars)
        raw += stretch
    return Traced(raw, Text.join(pieces), untouched)


@st.composite
def edits(draw: st.DrawFn, size: int) -> list[tuple[int, int, str]]:
    cuts = sorted(draw(st.lists(st.integers(0, size), max_size=8)))
    return [(a, b, draw(WORDS)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@given(st.data())
def test_offsets_hold_through_any_edits(data: st.DataObject) -> None:
    page = data.draw(traced())
    page.hold()
    for _ in range(data.draw(st.integers(1, 4))):
        page.edit(data.draw(edits(len(page.text))))
        page.hold()


@given(st.data())
def test_offsets_hold_through_slices(data: st.DataObject) -> None:
    page = data.draw(traced())
    page.edit(data.draw(edits(len(page.text))))
    start = data.draw(st.integers(0, len(page.text)))
    end = data.draw(st.integers(start, len(page.text)))
    cut = page.text.slice(start, end)
    Traced(page.raw, cut, page.untouched[start:end]).hold()
    left = len(cut.chars) - len(cut.chars.lstrip())
    stripped = cut.strip()
    assert stripped.chars == cut.chars.strip()
    Traced(page.raw, stripped, page.untouched[start + left : start + left + len(stripped)]).hold()


@given(st.data())
def test_an_edited_text_says_what_a_string_would(data: st.DataObject) -> None:
    page = data.draw(traced())
    made, at = "", 0
    changes = data.draw(edits(len(page.text)))
    for start, end, new in changes:
        made, at = made + page.text.chars[at:start] + new, end
    assert page.text.replace(changes).chars == made + page.text.chars[at:]


def test_a_replacement_of_the_same_length_maps_character_by_character() -> None:
    text = Text.from_raw("學習了").replace([(0, 2, "学习")])
    assert (text.chars, text.starts.tolist(), text.stops.tolist()) == ("学习了", [0, 1, 2], [1, 2, 3])


def test_any_other_replacement_maps_as_a_whole() -> None:
    text = Text.from_raw("a&amp;b").replace([(1, 6, "＆＆")])
    assert (text.chars, text.starts.tolist(), text.stops.tolist()) == ("a＆＆b", [0, 1, 1, 6], [1, 6, 6, 7])
    assert text.origins().raw_span(1, 2) == Span(1, 6)


def test_what_is_inserted_stands_between_its_neighbours() -> None:
    text = Text.from_raw("甲乙", 10).replace([(0, 0, "«"), (1, 1, "-"), (2, 2, "»")])
    assert text.chars == "«甲-乙»"
    assert text.starts.tolist() == [10, 10, 11, 11, 12]
    assert text.stops.tolist() == [10, 11, 11, 12, 12]
    assert Text.from_raw("").replace([(0, 0, "new")]).starts.tolist() == [0, 0, 0]


@pytest.mark.parametrize("wrong", [[(0, 2, ""), (1, 3, "")], [(2, 3, ""), (0, 1, "")], [(2, 1, "")]])
def test_edits_that_overlap_are_refused(wrong: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        Text.from_raw("abcd").replace(wrong)


def test_nothing_to_edit_gives_the_text_itself() -> None:
    text = Text.from_raw("abc")
    assert text.replace([]) is text
    assert Text.join([]).chars == ""


@given(WORDS)
def test_lines_cover_the_text(chars: str) -> None:
    text = Text.from_raw(chars)
    assert "".join(chars[a:b] for a, b in text.lines()) == chars


def test_offsets_are_stored_as_plain_numbers() -> None:
    origins = Text.from_raw("甲乙").origins()
    assert origins.starts == (0, 1)
    assert not any(isinstance(i, np.integer) for i in (*origins.starts, *origins.stops))
