from __future__ import annotations

from pathlib import Path

import pytest

from library import Library, Settings
from library.errors import SettingsError
from rag.rerank import pair_scores
from rag.retrieve import rank, understand


def _cross_encoder(folder: Path, labels: int = 1) -> str:
    """A tiny cross-encoder with random weights, as sentence-transformers keeps one."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    letters = [chr(n) for n in range(0x4E00, 0x9FFF)] + list("0123456789abcdefghijklmnopqrstuvwxyz?？。")
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]), "utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(letters) + 5, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, num_labels=labels, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _cross_encoder(tmp_path_factory.mktemp("models") / "reranker")


def _with(shelf: Library, **retrieval: object) -> Library:
    shelf.settings = Settings(retrieval=retrieval)
    return shelf


def test_pairs_are_scored_between_0_and_1(cross_encoder: str) -> None:
    scores = pair_scores(cross_encoder, "高企有多少家？", ["江门力争高企达3000家。", "天气晴。"])
    assert len(scores) == 2
    assert all(0 <= s <= 1 for s in scores)
    assert scores[0] != scores[1]


def test_the_reranker_decides_the_order(shelf: Library, cross_encoder: str) -> None:
    question = "高新技术企业"
    found = rank(_with(shelf, reranker=cross_encoder), understand(question, shelf), 5)
    texts = [f"{r.passage.title}\n{r.passage.text}" for r in found]
    expected = pair_scores(cross_encoder, question, texts)
    assert [r.reranker for r in found] == pytest.approx(sorted(expected, reverse=True), abs=1e-5)
    assert [r.passage.score for r in found] == [r.reranker for r in found]


def test_what_it_does_not_read_stays_behind(shelf: Library, cross_encoder: str) -> None:
    first, second = rank(_with(shelf), understand("高新技术企业", shelf), 5)
    reranked = rank(_with(shelf, reranker=cross_encoder, reranked=1), understand("高新技术企业", shelf), 5)
    assert [r.passage.article_id for r in reranked] == [first.passage.article_id, second.passage.article_id]
    assert [r.reranker is None for r in reranked] == [False, True]


def test_a_reranker_that_is_not_there_is_told(shelf: Library, tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing")
    with pytest.raises(SettingsError, match=r"retrieval\.reranker"):
        rank(_with(shelf, reranker=missing), understand("高企", shelf), 5)


def test_a_classifier_is_no_reranker(shelf: Library, tmp_path: Path) -> None:
    model = _cross_encoder(tmp_path / "classifier", labels=3)
    with pytest.raises(SettingsError, match="one output"):
        rank(_with(shelf, reranker=model), understand("高企", shelf), 5)
