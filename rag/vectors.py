"""Vectors of sentences, kept, for the next question reads many of the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from library.encoder import Encoder

_KEPT = 20_000  # vectors; 30 MB of those of the embedded encoder
_known: WeakKeyDictionary[Encoder, OrderedDict[str, NDArray[np.float32]]] = WeakKeyDictionary()
_knowing = Lock()


def vectors_of(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """The texts' vectors; those met lately are kept, for the next question reads many of the same sentences."""
    with _knowing:
        known = _known.setdefault(encoder, OrderedDict())
        found = {text: known[text] for text in texts if text in known}
    if new := [text for text in dict.fromkeys(texts) if text not in found]:
        found |= dict(zip(new, encoder.passages(new), strict=True))
    with _knowing:
        for text in texts:
            known[text] = found[text]
            known.move_to_end(text)
        while len(known) > _KEPT:
            known.popitem(last=False)
    return np.stack([found[text] for text in texts])


def cosine(one: str, other: str, encoder: Encoder) -> float:
    """Of two texts, by the encoder."""
    a, b = vectors_of([one, other], encoder)
    return float(a @ b)
