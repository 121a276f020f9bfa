"""The FAISS side of a library: an exact inner-product index over unit vectors, one file a generation.

The file is derived: the catalogue holds every vector and says which generation is the true one. A new
generation's file is complete on disk before the catalogue names it, and the old one goes only after
that; so whenever the process dies, the generation that the catalogue names is there, or can be made anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PATTERN = "vectors.{}.faiss"


class DenseIndex:
    """Vectors by integer id. Search is exact; 100,000 chunks of 384 dimensions take 150 MB.

    FAISS is used directly and not through LlamaIndex's store: that one numbers vectors by their count, so
    ids collide after a removal.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> DenseIndex:
        import faiss

        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def build(cls, dimension: int, batches: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> DenseIndex:
        """From batches of ``(ids, vectors)``, vectors of shape ``(n, dimension)``."""
        dense = cls.empty(dimension)
        for ids, vectors in batches:
            dense.add(ids, vectors)
        return dense

    @classmethod
    def load(cls, folder: Path, generation: int) -> DenseIndex | None:
        """The file of that generation, or None where it is absent or unreadable."""
        import faiss

        path = folder / _PATTERN.format(generation)
        if not path.exists():
            return None
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError:
            return None

    def save(self, folder: Path, generation: int) -> None:
        """Writes the file of that generation, whole or not at all."""
        import faiss

        handle, name = tempfile.mkstemp(prefix="vectors.", suffix=".partial", dir=folder)
        os.close(handle)
        try:
            faiss.write_index(self._index, name)
            with Path(name).open("rb") as written:
                os.fsync(written.fileno())
            Path(name).replace(folder / _PATTERN.format(generation))
        finally:
            Path(name).unlink(missing_ok=True)

    @staticmethod
    def sweep(folder: Path, keep: int) -> None:
        """Deletes the files of other generations and what killed writes left."""
        for path in folder.glob("vectors.*"):
            if path.name != _PATTERN.format(keep):
                path.unlink(missing_ok=True)

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        if len(ids):
            self._index.add_with_ids(vectors, ids)

    def remove(self, ids: NDArray[np.int64]) -> None:
        if len(ids):
            self._index.remove_ids(ids)

    def search(
        self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest as ``(id, cosine)``, best first; ``among`` restricts them."""
        import faiss

        if not len(self) or (among is not None and not len(among)):
            return []
        selector = None if among is None else faiss.IDSelectorBatch(among)
        options = faiss.SearchParameters(sel=selector) if selector else None  # type: ignore[call-arg]
        scores, ids = self._index.search(vector.reshape(1, -1), min(k, len(self)), params=options)
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)
