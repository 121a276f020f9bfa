"""Reading question and passage together: an optional cross-encoder, for whoever has one and a faster machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from library.errors import SettingsError


def pair_scores(model: str, question: str, texts: Sequence[str], device: str = "cpu") -> list[float]:
    """How well each text fits the question, 0 to 1.

    Args:
        model: name or path of a sentence-transformers CrossEncoder with one output.
        question: in whatever language the model knows.
        texts: passages.
        device: as torch names it.

    Raises:
        SettingsError: there is no such model, or it is none that scores pairs.
    """
    import numpy as np
    from torch.nn import Sigmoid

    scores = _load(model, device).predict(
        [(question, text) for text in texts], activation_fn=Sigmoid(), show_progress_bar=False
    )
    return [float(score) for score in np.asarray(scores, dtype=np.float64)]


@lru_cache(maxsize=2)
def _load(model: str, device: str) -> Any:
    if Path(model).exists():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a folder on disk needs no hub; asking it would hang offline
    from sentence_transformers import CrossEncoder

    try:
        loaded = CrossEncoder(model, device=device)
    except (OSError, ValueError, KeyError, ImportError) as error:
        reason = str(error).strip().split("\n")[0]
        raise SettingsError(
            f"The reranker {model!r} can't be loaded ({reason}). Set retrieval.reranker to the name or path of a "
            "sentence-transformers CrossEncoder that is on this machine, or leave it out."
        ) from error
    if loaded.num_labels != 1:
        raise SettingsError(
            f"The reranker {model!r} gives {loaded.num_labels} scores a pair, where one is wanted. Set "
            "retrieval.reranker to a CrossEncoder with one output, or leave it out."
        )
    return loaded
