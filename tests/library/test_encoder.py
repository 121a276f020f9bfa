from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from library import Settings, encoder
from library.encoder import SentenceEncoder
from library.errors import ModelMissing


class _Model:
    """As LlamaIndex's wrapper answers, with vectors that tell which text they are of."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        self.batches.append(texts)
        return [[float(len(text)), 3.0] for text in texts]

    def get_query_embedding(self, text: str) -> list[float]:
        return [0.0, float(len(text))]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> _Model:
    fake = _Model()
    monkeypatch.setattr(encoder, "_load_model", lambda settings: fake)
    return fake


def test_batches_are_of_like_length_and_the_order_is_kept(model: _Model) -> None:
    texts = ["短", "最长的一段文字在此", "中等长度", "短短", "稍长的一段文字"]
    told: list[int] = []
    vectors = SentenceEncoder(Settings(encoder={"batch_size": 2})).passages(texts, told.append)
    assert [[len(t) for t in batch] for batch in model.batches] == [[9, 7], [4, 2], [1]]
    assert told == [2, 2, 1]
    expected = np.array([[len(t), 3.0] for t in texts], dtype=np.float32)
    assert np.allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True))
    assert vectors.dtype == np.float32


def test_no_texts_give_no_vectors(model: _Model) -> None:
    assert SentenceEncoder(Settings()).passages([]).shape == (0, 0)
    assert model.batches == []


def test_a_query_is_one_unit_vector(model: _Model) -> None:
    assert SentenceEncoder(Settings()).query("问题").tolist() == [0.0, 1.0]


def test_a_zero_vector_stays_finite(model: _Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "get_query_embedding", lambda text: [0.0, 0.0])
    assert SentenceEncoder(Settings()).query("").tolist() == [0.0, 0.0]


def test_the_model_is_loaded_once_and_only_when_used(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Any] = []
    monkeypatch.setattr(encoder, "_load_model", lambda settings: loads.append(settings) or _Model())
    chosen = SentenceEncoder(Settings())
    assert loads == []
    chosen.query("一")
    chosen.passages(["二"])
    assert len(loads) == 1


def test_the_name_tells_which_model_made_the_vectors() -> None:
    assert SentenceEncoder(Settings()).name == "multilingual-e5-small"
    assert SentenceEncoder(Settings(encoder={"model": "BAAI/bge-m3"})).name == "BAAI/bge-m3"


class _Wrapper(_Model):
    """Stands for LlamaIndex's class, which would load torch."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.options = options


@pytest.fixture
def wrapper(monkeypatch: pytest.MonkeyPatch) -> type[_Wrapper]:
    stub = SimpleNamespace(HuggingFaceEmbedding=_Wrapper, logging=SimpleNamespace(disable_progress_bar=lambda: None))
    monkeypatch.setitem(sys.modules, "llama_index.embeddings.huggingface", stub)
    monkeypatch.setitem(sys.modules, "transformers.utils", stub)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # loading sets it; so it is put back
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    return _Wrapper


def test_the_settings_reach_the_model(wrapper: type[_Wrapper]) -> None:
    settings = Settings(encoder={"model": "a/b", "query_prefix": "问：", "passage_prefix": "", "batch_size": 3})
    options = encoder._load_model(settings).options
    assert options == {
        "model_name": "a/b", "device": "cpu", "query_instruction": "问：", "text_instruction": "", "embed_batch_size": 3
    }  # fmt: skip


@pytest.mark.parametrize("error", [OSError("no such repository"), ValueError("unknown model type")])
def test_a_model_that_is_not_there_is_named_with_the_remedy(
    wrapper: type[_Wrapper], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(self: _Wrapper, **options: Any) -> None:
        raise error

    monkeypatch.setattr(wrapper, "__init__", fail)
    with pytest.raises(ModelMissing, match=r"'a/b' can't be loaded .* Set encoder\.model"):
        SentenceEncoder(Settings(encoder={"model": "a/b"})).query("问")
