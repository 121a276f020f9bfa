from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from library.dense import DenseIndex

UNIT = np.eye(4, dtype=np.float32)


def _ids(*ids: int) -> np.ndarray:
    return np.array(ids, dtype=np.int64)


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(4, [(_ids(10, 20), UNIT[:2]), (_ids(30), UNIT[2:3])])


def test_search_is_by_cosine_best_first(dense: DenseIndex) -> None:
    query = np.array([0.6, 0.8, 0, 0], dtype=np.float32)
    assert [(i, round(s, 3)) for i, s in dense.search(query, 2)] == [(20, 0.8), (10, 0.6)]
    assert [i for i, _ in dense.search(query, 99)] == [20, 10, 30]


def test_search_among_some(dense: DenseIndex) -> None:
    assert {i for i, _ in dense.search(UNIT[0], 5, _ids(30, 20))} == {20, 30}
    assert [i for i, _ in dense.search(UNIT[0], 5, _ids(999))] == []
    assert dense.search(UNIT[0], 5, _ids()) == []
    assert DenseIndex.empty(4).search(UNIT[0], 5) == []


def test_ids_do_not_shift_when_one_goes(dense: DenseIndex) -> None:
    dense.remove(_ids(10))
    dense.add(_ids(40), UNIT[3:])
    assert len(dense) == 3
    assert dense.search(UNIT[3], 1) == [(40, 1.0)]
    assert dense.search(UNIT[2], 1) == [(30, 1.0)]


def test_a_file_holds_one_generation(dense: DenseIndex, tmp_path: Path) -> None:
    dense.save(tmp_path, 7)
    loaded = DenseIndex.load(tmp_path, 7)
    assert loaded is not None
    assert (len(loaded), loaded.dimension) == (3, 4)
    assert DenseIndex.load(tmp_path, 6) is None
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.7.faiss"]


@pytest.mark.parametrize("content", [b"", b"not an index", b"IxM2\x00"])
def test_an_unreadable_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors.1.faiss").write_bytes(content)
    assert DenseIndex.load(tmp_path, 1) is None


def test_a_truncated_file_is_as_good_as_none(dense: DenseIndex, tmp_path: Path) -> None:
    dense.save(tmp_path, 1)
    path = tmp_path / "vectors.1.faiss"
    path.write_bytes(path.read_bytes()[:-9])
    assert DenseIndex.load(tmp_path, 1) is None


def test_a_write_that_fails_leaves_nothing(dense: DenseIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("faiss.write_index", fail)
    with pytest.raises(OSError, match="disk full"):
        dense.save(tmp_path, 1)
    assert list(tmp_path.iterdir()) == []


def test_the_sweep_spares_what_is_kept_and_what_is_not_ours(tmp_path: Path) -> None:
    for name in ("vectors.1.faiss", "vectors.2.faiss", "vectors.abc.partial", "catalogue.sqlite"):
        (tmp_path / name).touch()
    DenseIndex.sweep(tmp_path, keep=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["catalogue.sqlite", "vectors.2.faiss"]
