"""Stand-ins for what unit tests must not load, the encoder and the language model; and articles made by hand."""

from __future__ import annotations

import hashlib
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from library.encoder import BatchProgress
from library.records import Article, Origins, Shelved, Span, Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

Message = tuple[str, str]


class FakeEncoder:
    """Texts as bags of hashed character pairs: the same everywhere, and near where the wording is near."""

    name = "fake-bigrams"
    dimension = 64

    def passages(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.query(text)
            if progress:
                progress(1)
        return vectors

    def query(self, text: str) -> Vectors:
        bag = np.zeros(self.dimension, dtype=np.float32)
        for pair in zip(f" {text}", f"{text} ", strict=True):
            bag[zlib.crc32("".join(pair).encode("utf-8")) % self.dimension] += 1
        unit: Vectors = bag / np.linalg.norm(bag)
        return unit


class ScriptedModel:
    """A language model whose replies are queued beforehand.

    Attributes:
        prompts: the messages of every call, in order.
        limits: the ``max_tokens`` of every call.
    """

    name = "scripted"

    def __init__(self, *replies: str | Exception) -> None:
        self._replies: deque[str | Exception] = deque(replies)
        self.prompts: list[list[Message]] = []
        self.limits: list[int] = []

    def queue(self, *replies: str | Exception) -> ScriptedModel:
        """Adds replies; an exception is raised in its turn."""
        self._replies.extend(replies)
        return self

    @property
    def left(self) -> int:
        """How many replies nobody has asked for."""
        return len(self._replies)

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        self.prompts.append(list(messages))
        self.limits.append(max_tokens)
        if not self._replies:
            raise AssertionError(f"the scripted model was asked once more than it has replies: {messages!r}")
        reply = self._replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        middle = len(reply) // 2
        yield from (piece for piece in (reply[:middle], reply[middle:]) if piece)


def shelved(uri: str, body: str, *, raw: str | None = None, chunk: int = 40, **fields: str) -> Shelved:
    """An article ready for the shelf, its body cut every ``chunk`` characters, each standing where it stood."""
    size = len(body)
    identity = hashlib.sha256(uri.encode("utf-8")).hexdigest()[:12]
    article = Article(
        id=identity, uri=uri, title=fields.pop("title", ""), body=body, report=(Step("whitespace", 1),),
        sha256=hashlib.sha256(body.encode("utf-8")).hexdigest(),
        origins=Origins(tuple(range(size)), tuple(range(1, size + 1))), **fields,
    )  # fmt: skip
    spans = tuple(Span(at, min(at + chunk, size)) for at in range(0, size, chunk))
    return Shelved(article, spans, body if raw is None else raw)
