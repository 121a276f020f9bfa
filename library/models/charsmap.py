"""SentencePiece's precompiled character map: what a unigram tokenizer replaces before it looks up pieces.

The map is a double-array trie over UTF-8 keys, followed by the replacements, each ended by a NUL; a key's
value is the offset of its replacement. Layout of a 32-bit unit, from darts-clone, the trie library of
SentencePiece: bits 0-7 the label, bit 8 "a key ends here", bits 10-30 the offset to the children; the unit of
a value has bit 31 set.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_BLOCK = 256  # children lie at offset XOR label, hence within one aligned block of 256 units
_KEY_ENDS = 1 << 8
_IS_VALUE = 1 << 31
_MAX_OFFSET = 1 << 21  # larger offsets have another encoding, which no map of characters needs


def compile_charsmap(replacements: Mapping[str, str]) -> bytes:
    """The map in the form that `tokenizers.normalizers.Precompiled` takes.

    Args:
        replacements: what each character (or sequence of characters) becomes; "" removes it.

    Raises:
        ValueError: a key is empty, a key or a replacement contains NUL, or the map is too large.
    """
    root, texts, offsets = _Node(), bytearray(), dict[str, int]()
    for source, target in replacements.items():
        if not source or "\0" in source + target:
            raise ValueError(f"can't map {source!r} to {target!r}")
        if target not in offsets:
            offsets[target] = len(texts)
            texts += target.encode() + b"\0"
        root.insert(source.encode(), offsets[target])
    units = _DoubleArray(root).units
    return struct.pack(f"<{len(units) + 1}I", 4 * len(units), *units) + bytes(texts)


@dataclass
class _Node:
    children: dict[int, _Node] = field(default_factory=dict)
    value: int | None = None

    def insert(self, key: bytes, value: int) -> None:
        node = self
        for byte in key:
            node = node.children.setdefault(byte, _Node())
        node.value = value

    def labels(self) -> list[int]:
        """Labels of the units that this node needs below it; 0 is that of its own value."""
        return ([] if self.value is None else [0]) + sorted(self.children)


class _DoubleArray:
    """Places every node's children where none lies yet, first fit."""

    def __init__(self, root: _Node) -> None:
        self.units = [0] * _BLOCK
        self._taken = [False] * _BLOCK
        self._taken[0] = True  # the root
        self._bases: set[int] = set()
        self._first_free = 1
        waiting = [(root, 0)]
        for node, position in waiting:
            waiting.extend(self._place(node, position))

    def _place(self, node: _Node, position: int) -> list[tuple[_Node, int]]:
        labels = node.labels()
        base = self._find_base(labels)
        self._bases.add(base)
        offset = position ^ base
        if offset >= _MAX_OFFSET:
            raise ValueError("too many characters for this encoding")
        self.units[position] |= offset << 10
        for label in labels:
            self._taken[base ^ label] = True
            self.units[base ^ label] = label
        if node.value is not None:
            self.units[position] |= _KEY_ENDS
            self.units[base] = node.value | _IS_VALUE
        return [(child, base ^ label) for label, child in node.children.items()]

    def _find_base(self, labels: list[int]) -> int:
        # Two nodes never share a base: a unit knows its label but not its parent.
        for position in self._free_positions():
            base = position ^ labels[0]
            if base not in self._bases and not any(self._taken[base ^ label] for label in labels):
                return base
        raise AssertionError("free positions do not end")

    def _free_positions(self) -> Iterator[int]:
        while self._taken[self._first_free]:
            self._first_free += 1
            self._grow(self._first_free)
        position = self._first_free
        while True:
            if not self._taken[position]:
                yield position
            position += 1
            self._grow(position)

    def _grow(self, position: int) -> None:
        if position >= len(self.units):
            self.units.extend([0] * _BLOCK)
            self._taken.extend([False] * _BLOCK)
