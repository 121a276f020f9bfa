"""The converted folder: what tools find in it, and that it is whole or absent."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from library.errors import ModelCorrupt, ModelMissing
from library.models import encoder, sources
from library.models.sources import PackageFile


@pytest.fixture
def source(site: Any, e5s1: bytes) -> PackageFile:
    """The tiny model, installed as a package."""
    installed: PackageFile = site.install("tiny-encoder", "tiny-q4.bin", e5s1)
    return installed


def test_sentence_transformers_loads_the_folder(source: PackageFile, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = encoder.prepare(source, tmp_path)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert model.max_seq_length == 16
    assert model.prompts == {"query": "query: ", "passage": "passage: ", "document": "passage: "}
    vectors = model.encode(["量子", "qubit " * 40], prompt_name="query", show_progress_bar=False)
    assert vectors.shape == (2, 32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1])
    passage = model.encode("passage: 量子", show_progress_bar=False)
    assert model.encode_document("量子", show_progress_bar=False) == pytest.approx(passage, abs=1e-6)


def test_tokenizer_normalises_and_splits_like_sentencepiece(source: PackageFile, tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder.prepare(source, tmp_path) / "tokenizer.json"))
    assert tokenizer.encode("query: 量子").tokens == ["<s>", "▁query", ":", "▁", "量子", "</s>"]
    assert tokenizer.encode("量\x01子\n\u3000 qubit").tokens == ["<s>", "▁", "量子", "▁qu", "bit", "</s>"]
    assert tokenizer.encode("Ａ").ids == tokenizer.encode("A").ids == [0, 4, 3, 2]
    assert tokenizer.encode("").tokens == ["<s>", "</s>"]
    assert tokenizer.encode("量 ").tokens == ["<s>", "▁", "量", "▁", "</s>"]


def test_is_converted_once(source: PackageFile, tmp_path: Path) -> None:
    stages: list[str] = []
    folder = encoder.prepare(source, tmp_path, lambda stage, done, total: stages.append(stage))
    assert {"check", "convert"} == set(stages)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert encoder.prepare(source, tmp_path) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_is_converted_again_when_a_file_changed_or_the_converter_did(
    source: PackageFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = encoder.prepare(source, tmp_path)
    whole = (folder / "config.json").read_bytes()
    (folder / "config.json").write_bytes(b"{}")
    encoder.prepare(source, tmp_path)
    assert (folder / "config.json").read_bytes() == whole
    monkeypatch.setattr(encoder, "_CONVERTER", 99)
    assert not encoder.is_ready(source, tmp_path)
    encoder.prepare(source, tmp_path)
    assert encoder.is_ready(source, tmp_path)


def test_files_added_by_a_user_are_no_harm(source: PackageFile, tmp_path: Path) -> None:
    folder = encoder.prepare(source, tmp_path)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    os.utime(folder / "config.json", ns=(1, 1))
    assert encoder.is_ready(source, tmp_path)


def test_an_interruption_leaves_no_folder(source: PackageFile, tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int, /) -> None:
        if stage == "convert" and done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoder.prepare(source, tmp_path / "models", stop)
    assert [path.name for path in (tmp_path / "models").glob("*/")] == []
    assert not encoder.is_ready(source, tmp_path / "models")
    encoder.prepare(source, tmp_path / "models")


def test_corrupt_and_missing_sources(source: PackageFile, site: Any, e5s1: bytes, tmp_path: Path) -> None:
    site.path("tiny-encoder", "tiny-q4.bin").write_bytes(e5s1[:-1] + b"!")
    with pytest.raises(ModelCorrupt, match=r"--force-reinstall --no-deps tiny-encoder==1\.0"):
        encoder.prepare(source, tmp_path / "models")
    site.uninstall("tiny-encoder")
    with pytest.raises(ModelMissing, match="tiny-encoder is not installed"):
        encoder.prepare(source, tmp_path / "models")
    assert [path.name for path in (tmp_path / "models").iterdir() if path.suffix != ".lock"] == []


def test_a_pinned_file_that_is_not_e5s1_is_corrupt(site: Any, tmp_path: Path) -> None:
    source = site.install("tiny-other", "other.bin", b"GGUF, for once")
    with pytest.raises(ModelCorrupt, match="tiny-other"):
        encoder.prepare(source, tmp_path)


def test_two_processes_at_once(source: PackageFile, tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        results = list(pool.map(encoder.prepare, [source] * 3, [tmp_path] * 3))
    assert set(results) == {encoder.folder(tmp_path)}
    assert encoder.is_ready(source, tmp_path)
    assert json.loads((results[0] / "config.json").read_text(encoding="utf-8"))["layer_norm_eps"] == 1e-12


def test_a_source_that_cannot_be_read_is_corrupt(source: PackageFile, site: Any) -> None:
    path = site.path("tiny-encoder", "tiny-q4.bin")
    with pytest.raises(ModelCorrupt, match="tiny-encoder"):
        list(sources.read_blocks(source, path.parent))  # a folder opens, but does not read


def test_the_package_imports_nothing_heavy() -> None:
    modules = ["store", "sources", "gguf", "encoder", "e5s1", "charsmap"]
    script = (
        "import sys, types\n"
        "package = types.ModuleType('library'); package.__path__ = [sys.argv[1]]\n"
        "sys.modules['library'] = package  # without the rest of the shelf\n"
        f"import library.models, {', '.join(f'library.models.{name}' for name in modules)}\n"
        "heavy = {'torch', 'transformers', 'tokenizers', 'safetensors', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    library = Path(encoder.__file__).parents[1]
    subprocess.run([sys.executable, "-c", script, str(library)], check=True, cwd=library.parent)
