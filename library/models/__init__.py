"""The embedded models: an encoder and a language model that arrive as packages; no model hub is needed.

Each is prepared once, in the user's cache, and checked against a pinned SHA-256; after that, asking for it
costs a few `stat` calls. The packages are data: they are found through their metadata and never imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from library.errors import ModelMissing
from library.models import encoder, gguf, sources, store
from library.models.sources import PackageFile
from library.models.store import Progress

__all__ = ["ENCODER_NAME", "LLM_NAME", "ModelStatus", "Progress", "encoder_folder", "llm_file", "status"]

ENCODER_NAME = encoder.NAME
LLM_NAME = gguf.QWEN.name


@dataclass(frozen=True)
class ModelStatus:
    """What `kejian models list` says about a model.

    Attributes:
        name: of the model.
        kind: what it is for.
        ready: whether it is prepared, whole and verified.
        path: where it lies, or will.
        bytes: on the disk; 0 if it is not ready.
        source: the packages that it is made from.
        licence: of the weights.
        reason: why it is not ready and what to do; "" if it is.
    """

    name: str
    kind: Literal["encoder", "llm"]
    ready: bool
    path: Path
    bytes: int
    source: str
    licence: str
    reason: str


def encoder_folder(cache: Path, progress: Progress | None = None) -> Path:
    """Folder of multilingual-e5-small for sentence-transformers; the first call converts it (about 6 s).

    Args:
        cache: the user's cache folder; models lie in `models/` below it.
        progress: told how far it is.

    Raises:
        ModelMissing: its package is not installed.
        ModelCorrupt: its package is damaged.
        ModelError: the cache can't be written, or its disk is full.
    """
    return encoder.prepare(encoder.SOURCE, _models(cache), progress)


def llm_file(cache: Path, progress: Progress | None = None) -> Path:
    """GGUF file of Qwen2.5-Coder-1.5B-Instruct (Q4_K_M, 1.1 GB); the first call assembles it (about 6 s).

    An interrupted call is taken up where it stopped.

    Args:
        cache: the user's cache folder; models lie in `models/` below it.
        progress: told how far it is.

    Raises:
        ModelMissing: one of its packages is not installed.
        ModelCorrupt: one of its packages is damaged.
        ModelError: the cache can't be written, or its disk is full.
    """
    return gguf.prepare(gguf.QWEN, _models(cache), progress)


def status(cache: Path) -> list[ModelStatus]:
    """What is prepared and what is not; prepares nothing.

    Cheap: a file is hashed only if it looks changed since it was verified, and then once.
    """
    models, parts = _models(cache), gguf.QWEN.parts
    ready = encoder.is_ready(encoder.SOURCE, models)
    first = ModelStatus(
        name=ENCODER_NAME,
        kind="encoder",
        ready=ready,
        path=encoder.folder(models),
        bytes=store.vouched_bytes(encoder.marker(models)) if ready else 0,
        source=f"{encoder.SOURCE.package}=={encoder.SOURCE.version}",
        licence="MIT",
        reason="" if ready else _why([encoder.SOURCE], encoder.folder(models)),
    )
    ready = gguf.is_ready(gguf.QWEN, models)
    second = ModelStatus(
        name=LLM_NAME,
        kind="llm",
        ready=ready,
        path=gguf.QWEN.file(models),
        bytes=gguf.QWEN.size if ready else 0,
        source=f"{parts[0].package} to {parts[-1].package}, =={parts[0].version}",
        licence="Apache-2.0",
        reason="" if ready else _why(parts, gguf.QWEN.file(models)),
    )
    return [first, second]


def _models(cache: Path) -> Path:
    return cache / "models"


def _why(files: Sequence[PackageFile], path: Path) -> str:
    try:
        sources.locate_all(files)
    except ModelMissing as error:
        return str(error)
    if path.exists():
        return "It is not the one that was verified: `kejian models prepare` makes it again."
    return "Not prepared yet: run `kejian models prepare`, or just use it."
