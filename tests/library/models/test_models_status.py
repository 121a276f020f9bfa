"""The public face: what is ready, what is not, and why."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

import library.models as models
from library.models import encoder, gguf
from library.models.gguf import Recipe


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch, site: Any, recipe: Recipe, e5s1: bytes) -> None:
    """The tiny models in place of the pinned ones."""
    monkeypatch.setattr(gguf, "QWEN", recipe)
    monkeypatch.setattr(encoder, "SOURCE", site.install("tiny-encoder", "tiny-q4.bin", e5s1))


def test_public_names() -> None:
    assert set(models.__all__) == {
        *("ENCODER_NAME", "LLM_NAME", "ModelStatus", "Progress"),
        *("encoder_folder", "llm_file", "status"),
    }


def test_nothing_is_prepared_at_first(tmp_path: Path) -> None:
    first, second = models.status(tmp_path / "cache")
    assert (first.kind, second.kind) == ("encoder", "llm")
    assert not first.ready
    assert not second.ready
    assert "kejian models prepare" in first.reason
    assert not (tmp_path / "cache").exists()


def test_prepared_models_are_ready(tmp_path: Path) -> None:
    folder, file = models.encoder_folder(tmp_path), models.llm_file(tmp_path)
    first, second = models.status(tmp_path)
    assert (first.ready, first.path, first.reason) == (True, folder, "")
    assert (second.ready, second.path, second.bytes) == (True, file, file.stat().st_size)
    on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert first.bytes == on_disk - (folder / "kejian.json").stat().st_size


def test_status_does_not_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models.encoder_folder(tmp_path)
    models.llm_file(tmp_path)
    monkeypatch.setattr(hashlib, "sha256", None)
    assert [one.ready for one in models.status(tmp_path)] == [True, True]


def test_reasons(tmp_path: Path, site: Any) -> None:
    file = models.llm_file(tmp_path)
    file.write_bytes(b"x" * file.stat().st_size)
    os.utime(file, ns=(1, 1))
    site.uninstall("tiny-encoder")
    first, second = models.status(tmp_path)
    assert 'pip install "kejian[models]"' in first.reason
    assert "not the one that was verified" in second.reason
    assert second.bytes == 0
