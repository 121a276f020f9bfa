from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.catalogue import Catalogue, _pack, _unpack
from tests.fakes import FakeEncoder, shelved


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


@given(st.lists(st.integers(0, 2**31 - 1), max_size=50))
def test_offsets_survive_packing(offsets: list[int]) -> None:
    assert _unpack(_pack(sorted(offsets))) == tuple(sorted(offsets))


def test_offsets_of_a_page_take_little_room() -> None:
    assert len(_pack(range(20_000))) < 200


def test_facts_about_the_library(catalogue: Catalogue) -> None:
    assert (catalogue.meta("key"), catalogue.generation) == (None, 0)
    catalogue.set_meta("key", {"值": [1, None]})
    catalogue.set_meta("key", {"值": [2]})
    assert catalogue.meta("key") == {"值": [2]}


def test_vectors_come_back_by_batches(catalogue: Catalogue) -> None:
    encoder = FakeEncoder()
    expected = []
    for n in range(3):
        item = shelved(f"/{n}", f"第{n}篇的正文。" * 10, chunk=8)
        vectors = encoder.passages([item.article.body[c.start : c.end] for c in item.chunks])
        expected.append(vectors)
        ids = catalogue.insert(item, vectors, "hash")
        assert ids == sorted(ids)
        assert list(catalogue.chunk_rows(ids)) == ids
    batches = list(catalogue.vectors(batch=4))
    assert [len(ids) for ids, _ in batches[:-1]] == [4] * (len(batches) - 1)
    assert np.array_equal(np.concatenate([v for _, v in batches]), np.concatenate(expected))


def test_chunk_ids_are_never_used_again(catalogue: Catalogue) -> None:
    item = shelved("/a", "正文。")
    vectors = FakeEncoder().passages(["正文。"])
    first = catalogue.insert(item, vectors, "hash")
    assert catalogue.delete(item.article.id) == first
    assert catalogue.delete(item.article.id) == []
    assert catalogue.insert(item, vectors, "hash") > first
