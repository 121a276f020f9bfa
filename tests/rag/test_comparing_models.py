"""Ten questions that compare cities, over the sample pages: every city that is asked for is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from ingest import ingest
from library import Library, Settings
from library.encoder import SentenceEncoder
from rag import Assistant
from rag.retrieve import Filters, understand
from rag.source import library_source
from tests.conftest import _MODEL_CACHE, ROOT

pytestmark = pytest.mark.models

# The question (or an English one with its Chinese), and of each city what its evidence has to say.
COMPARISONS: list[tuple[str, dict[str, str]]] = [
    ("江门和随州的高企存量目标各是多少？", {"江门": "3000家", "随州": "400家"}),
    ("Which city aims for more high-tech enterprises, Jiangmen or Suizhou?", {"江门": "3000家", "随州": "400家"}),
    ("江门、随州、云川三市的高企目标分别是多少？", {"江门": "3000家", "随州": "400家", "云川": "7[03]0家|820家"}),
    ("哪个城市的高企存量目标最高？", {"江门": "3000家", "随州": "400家", "云川": "7[03]0家|820家"}),
    ("随州和云川2025年的技术合同登记额目标各是多少？", {"随州": "80亿", "云川": "1(?:10|25)亿"}),
    ("江门和随州的全社会研发投入目标，哪个增长更快？", {"江门": "10%", "随州": "20%"}),
    ("随州与云川的科技型中小企业目标相比如何？", {"随州": "1000家", "云川": "1650家|1900家"}),
    ("惠州和江门的科技局局长分别是谁？", {"惠州": "黄辉", "江门": "刘长虹"}),
    ("汕尾和随州的科技局局长各是谁？", {"汕尾": "宋巍", "随州": "白玉涛"}),
    ("江门和云川的研发投入各要增长多少？", {"江门": "10%", "云川": "12%"}),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEJIAN_CACHE", _MODEL_CACHE)
        settings = Settings()
    with Library.open(tmp_path_factory.mktemp("shelf"), settings, SentenceEncoder(settings)) as library:
        ingest(library, [ROOT / "samples" / "pages"])
        yield Assistant(library)


@pytest.mark.parametrize(("question", "wanted"), COMPARISONS, ids=[q for q, _ in COMPARISONS])
def test_every_city_has_its_say(assistant: Assistant, question: str, wanted: dict[str, str]) -> None:
    library = assistant.library
    assert library is not None
    source = library_source(library, Filters())
    evidence, _ = source.find(understand(question, library))
    for city, said in wanted.items():
        assert any(e.city == city and re.search(said, e.text) for e in evidence), city

    answer = assistant.ask(question)
    assert answer.status in ("answered", "partial")
    for city, said in wanted.items():
        assert any(c.city == city and re.search(said, c.quote) for c in answer.citations), city
    for c in answer.citations:
        assert library.get(c.article_id).body[c.start : c.end] == c.quote
