"""What a run was made with, so that two can be told apart: settings, versions, source, pages. Never a secret."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eval.metrics import article_name
from library import Library, Settings
from library.fingerprint import fingerprint

_ROOT = Path(__file__).resolve().parents[1]
# What decides an answer, or what is kept of it.
_SOURCE = ("lang", "library", "ingest", "rag", "eval/outcome.py", "eval/systems.py", "eval/peers.py")
_PACKAGES = (
    "kejian", "faiss-cpu", "jieba", "llama-index-core", "opencc", "rjieba", "sentence-transformers", "torch",
    "xllamacpp",
)  # fmt: skip


def settings_of(library: Library) -> dict[str, Any]:
    """The settings that can change an answer, as JSON. No key, no folder, no address but the endpoint's host."""
    settings: Settings = library.settings
    llm = settings.llm
    return {
        "library": fingerprint(settings, library.encoder),
        "encoder": {"query_prefix": settings.encoder.query_prefix},
        "llm": {
            "model": llm.model, "host": urlsplit(llm.base_url).hostname or "", "context": llm.context,
            "max_tokens": llm.max_tokens,
        },
        "retrieval": settings.retrieval.model_dump(),
    }  # fmt: skip


def versions() -> dict[str, str]:
    """Of Python, Kejian and the packages whose version can change an answer; empty where one is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}}


def source_sha256() -> str:
    """Of the source that makes the answers: code, prompts, word lists. The version stays the same between releases."""
    paths = [path for name in _SOURCE for path in _files(_ROOT / name)]
    return digest(f"{path.relative_to(_ROOT).as_posix()} {file_sha256(path)}" for path in paths)


def pages_sha256(library: Library) -> str:
    """Of the articles on the shelf, by name and raw bytes, wherever the files lie."""
    rows = [(article_name(row.uri), library.raw_hash(row.uri) or "") for row in library.articles()]
    return digest(" ".join(row) for row in sorted(rows))


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(lines: Iterable[str]) -> str:
    """The SHA-256 of lines of text."""
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _files(path: Path) -> list[Path]:
    inside = [p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return sorted(inside) if path.is_dir() else [path] * path.is_file()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
