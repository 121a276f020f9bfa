"""The sentence encoder: text to unit vectors, through LlamaIndex's wrapper of sentence-transformers."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from library.errors import ModelMissing
from library.models import ENCODER_NAME, encoder_folder
from library.settings import EMBEDDED, Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

log = logging.getLogger(__name__)
BatchProgress = Callable[[int], None]


class Encoder(Protocol):
    """What the library needs of an encoder; tests bring their own."""

    @property
    def name(self) -> str: ...

    def passages(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        """Unit vectors, float32, shape ``(len(texts), dimension)``, in the order given."""
        ...

    def query(self, text: str) -> Vectors:
        """One unit vector, float32, shape ``(dimension,)``."""
        ...


class SentenceEncoder:
    """Any sentence-transformers model. It is loaded at its first use, for that takes seconds.

    Raises:
        ModelMissing: at first use, when the model can't be loaded.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        model = self._settings.encoder.model
        return ENCODER_NAME if model == EMBEDDED else model

    def passages(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Vectors:
        """See ``Encoder.passages``. Batches are sorted by length, for padding is paid like text."""
        model, size = self._load(), self._settings.encoder.batch_size
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        rows: dict[int, list[float]] = {}
        for at in range(0, len(order), size):
            batch = order[at : at + size]
            with self._lock:
                vectors = model.get_text_embedding_batch([texts[i] for i in batch])
            rows.update(zip(batch, vectors, strict=True))
            if progress:
                progress(len(batch))
        return _unit(np.asarray([rows[i] for i in range(len(texts))], dtype=np.float32))

    def query(self, text: str) -> Vectors:
        """See ``Encoder.query``."""
        model = self._load()
        with self._lock:
            vector = model.get_query_embedding(text)
        unit: Vectors = _unit(np.asarray([vector], dtype=np.float32))[0]
        return unit

    def _load(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = _load_model(self._settings)
        return self._model


def _load_model(settings: Settings) -> Any:
    chosen = settings.encoder
    name = str(encoder_folder(settings.cache)) if chosen.model == EMBEDDED else chosen.model
    if chosen.model == EMBEDDED or Path(name).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a folder on disk needs no hub; asking it would hang offline
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from transformers.utils import logging as transformers_logging

    log.info("loading the encoder %s", name)
    transformers_logging.disable_progress_bar()  # its "Loading weights" bar is of no use to anyone here
    try:
        return HuggingFaceEmbedding(
            model_name=name,
            device=chosen.device,
            query_instruction=chosen.query_prefix,
            text_instruction=chosen.passage_prefix,
            embed_batch_size=chosen.batch_size,
        )
    except (OSError, ValueError) as error:
        raise ModelMissing(
            f"The encoder {name!r} can't be loaded ({error}). Set encoder.model to 'embedded', or to the name or "
            "path of a sentence-transformers model that is on this machine."
        ) from error


def _unit(vectors: Vectors) -> Vectors:
    if not len(vectors):
        return vectors.reshape(0, 0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.ascontiguousarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
    return unit
