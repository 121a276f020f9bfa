"""The precompiled map does in `tokenizers` what the plain map says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.normalizers import Precompiled

from library.models.charsmap import compile_charsmap

characters = st.characters(codec="utf-8", exclude_characters="\0")


@given(st.dictionaries(characters, st.text(characters, max_size=3), min_size=1, max_size=40), characters)
def test_maps_what_is_mapped_and_nothing_else(charsmap: dict[str, str], other: str) -> None:
    normalise = Precompiled(compile_charsmap(charsmap)).normalize_str
    for character in {*charsmap, other}:
        assert normalise(character) == charsmap.get(character, character)


def test_a_large_map() -> None:
    every = [chr(code) for code in range(1, 0x10000) if not 0xD800 <= code < 0xE000]
    charsmap = {one: unicodedata.normalize("NFKC", one) for one in every}
    charsmap = {one: other for one, other in charsmap.items() if one != other}
    normalise = Precompiled(compile_charsmap(charsmap)).normalize_str
    assert [one for one in every if normalise(one) != charsmap.get(one, one)] == []


def test_maps_within_a_text() -> None:
    normalise = Precompiled(compile_charsmap({"Ａ": "A", "㎡": "m2", "\x01": "", "\u3000": " "})).normalize_str
    assert normalise("５０㎡\u3000Ａ座\x01，量子") == "５０m2 A座，量子"


@pytest.mark.parametrize("charsmap", [{"": "a"}, {"a": "\0"}, {"\0": "a"}])
def test_refuses_what_the_format_cannot_say(charsmap: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="can't map"):
        compile_charsmap(charsmap)
