"""Reads E5S1, the packed form in which the encoder's weights arrive.

Little-endian, in this order: the magic `E5S1` and a version; the shape of the network; the unigram pieces
with their scores; what each character is normalised to; a directory of tensors, which lie further on.
Matrices are Q4_0: blocks of 32 weights, a float16 scale and 32 nibbles. Vectors and position embeddings are
float32. Linear layers are stored as torch keeps them, one row for each output.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Parameters = Iterator[tuple[str, NDArray[np.float32]]]

MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT encoder; `eps` is that of its layer normalisations."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    eps: float


@dataclass(frozen=True)
class Pieces:
    """A unigram vocabulary.

    Attributes:
        texts: of the pieces, by id; a leading "▁" stands for a space.
        scores: log-probability of each piece.
        bos: id of the piece that begins a text.
        eos: of the piece that ends it.
        pad: of the piece that fills a batch.
        unk: of the piece that stands for what has no piece.
        charsmap: what a character becomes before pieces are looked up.
    """

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    charsmap: dict[str, str]


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies in the file, and how it is packed."""

    packing: int
    count: int
    offset: int
    nbytes: int


class E5S1:
    """A file that has been read; tensors are unpacked one at a time, when asked for.

    Attributes:
        shape: sizes of the network.
        pieces: the tokenizer's vocabulary.
        tensors: the directory, by the file's own names.

    Raises:
        ValueError: the bytes are not an E5S1 file, or end too early.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        cursor = _Cursor(data)
        try:
            if cursor.take(4) != MAGIC:
                raise ValueError("not an E5S1 file")
            self.shape = _read_shape(cursor)
            self.pieces = _read_pieces(cursor)
            self.tensors = _read_directory(cursor)
        except (struct.error, UnicodeDecodeError, OverflowError) as error:
            raise ValueError(f"E5S1 file damaged near byte {cursor.at}: {error}") from error

    @property
    def nbytes(self) -> int:
        """Size of all tensors as float32."""
        return sum(4 * tensor.count for tensor in self.tensors.values())

    def unpack(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """A tensor as float32.

        Raises:
            ValueError: it is missing, is cut off, or has another number of elements than `shape`.
        """
        import numpy as np

        tensor = self.tensors.get(name)
        if tensor is None:
            raise ValueError(f"E5S1 file without tensor {name}")
        packed = self._data[tensor.offset : tensor.offset + tensor.nbytes]
        if tensor.packing == _Q4_0:
            values = dequantise_q4_0(packed)
        elif tensor.packing == _FLOAT32:
            values = np.frombuffer(packed, "<f4").astype(np.float32)
        else:
            raise ValueError(f"tensor {name} has unknown packing {tensor.packing}")
        if not values.size == tensor.count == int(np.prod(shape)):
            raise ValueError(f"tensor {name} has {values.size} elements, not {shape}")
        return values.reshape(shape)

    def state_dict(self) -> Parameters:
        """Name and value of each parameter of a `BertModel`, the names as transformers has them."""
        hidden, wide = self.shape.hidden, self.shape.feed_forward
        yield from self._embeddings()
        for layer in range(self.shape.layers):
            ours, theirs = f"l{layer}", f"encoder.layer.{layer}"
            for short, long in _SQUARE.items():
                yield from self._linear(f"{ours}.{short}", f"{theirs}.{long}", hidden, hidden)
            yield from self._linear(f"{ours}.fi", f"{theirs}.intermediate.dense", wide, hidden)
            yield from self._linear(f"{ours}.fo", f"{theirs}.output.dense", hidden, wide)
            for short, long in _NORMS.items():
                yield from self._norm(f"{ours}.{short}", f"{theirs}.{long}")
        yield from self._pooler()

    def _embeddings(self) -> Parameters:
        shape = self.shape
        tables = {"word": shape.vocabulary, "pos": shape.positions, "type": shape.types}
        names = {"word": "word", "pos": "position", "type": "token_type"}
        for short, rows in tables.items():
            value = self.unpack(f"emb.{short}", (rows, shape.hidden))
            yield f"embeddings.{names[short]}_embeddings.weight", value
        yield from self._norm("emb.ln", "embeddings.LayerNorm")

    def _linear(self, ours: str, theirs: str, out: int, into: int) -> Parameters:
        yield f"{theirs}.weight", self.unpack(f"{ours}.w", (out, into))
        yield f"{theirs}.bias", self.unpack(f"{ours}.b", (out,))

    def _norm(self, ours: str, theirs: str) -> Parameters:
        yield f"{theirs}.weight", self.unpack(f"{ours}.w", (self.shape.hidden,))
        yield f"{theirs}.bias", self.unpack(f"{ours}.b", (self.shape.hidden,))

    def _pooler(self) -> Parameters:
        # Mean pooling never reads these, and the file has none; but BertModel warns when they are missing.
        import numpy as np

        hidden = self.shape.hidden
        yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
        yield "pooler.dense.bias", np.zeros(hidden, np.float32)


_SQUARE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def dequantise_q4_0(packed: bytes) -> NDArray[np.float32]:
    """Unpacks Q4_0 weights.

    A block is a float16 scale and 16 bytes; weight j is the low nibble of byte j, weight j + 16 its high
    nibble, each minus 8 and times the scale (the format of ggml).

    Args:
        packed: whole blocks of 18 bytes.

    Returns:
        Float32, shape (32 x blocks,).

    Raises:
        ValueError: a block is cut off.
    """
    import numpy as np

    if len(packed) % _BLOCK_BYTES:
        raise ValueError("Q4_0 block cut off")
    blocks = np.frombuffer(packed, np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))]))
    values = np.empty((len(blocks), _BLOCK), np.float32)
    values[:, :16] = blocks["nibbles"] & 0x0F
    values[:, 16:] = blocks["nibbles"] >> 4
    values -= 8
    values *= blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


class _Cursor:
    """Reads a byte string from front to back."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self._data):
            raise ValueError(f"E5S1 file ends at byte {len(self._data)}, too early")
        self.at += count
        return self._data[self.at - count : self.at]

    def read(self, fields: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{fields}", self.take(struct.calcsize(f"<{fields}")))


def _read_shape(cursor: _Cursor) -> Shape:
    (version,) = cursor.read("I")
    hidden, layers, heads, wide, vocabulary, positions, types, eps, block = cursor.read("7ifi")
    if version != 1 or block != _BLOCK:
        raise ValueError(f"E5S1 version {version} with blocks of {block} is not known")
    eps = float(f"{eps:.6g}")  # 1e-12 went through float32; the config should say 1e-12
    return Shape(hidden, layers, heads, wide, vocabulary, positions, types, eps)


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk, length = cursor.read("5iQ")
    bounds = cursor.read(f"{count + 1}I")
    scores = cursor.read(f"{count}f")
    texts = cursor.take(length)
    pieces = tuple(texts[start:end].decode() for start, end in pairwise(bounds))
    return Pieces(pieces, scores, bos, eos, pad, unk, _read_charsmap(cursor))


def _read_charsmap(cursor: _Cursor) -> dict[str, str]:
    count, _length = cursor.read("iI")
    charsmap = {}
    for _ in range(count):
        source, length = cursor.read("IB")
        charsmap[chr(source)] = "".join(map(chr, cursor.read(f"{length}I")))
    return charsmap


def _read_directory(cursor: _Cursor) -> dict[str, Tensor]:
    (count,) = cursor.read("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.read("H")
        name = cursor.take(length).decode()
        tensors[name] = Tensor(*cursor.read("BIQQ"))
    return tensors
