"""The shelf is what is believed: with an article's figures altered, answer and quote have the altered ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import ingest
from library import Library, Settings
from library.encoder import SentenceEncoder
from rag import Assistant
from tests.conftest import _MODEL_CACHE, ROOT

pytestmark = pytest.mark.models

PAGE = "jiangmen_2024_in_figures.txt"
# The question, the page's figure as it stands there, and what it is altered to.
ALTERED = [
    ("江门市的高企存量目标是多少？", "3000家", "3470家"),
    ("江门2024年全社会研发经费的目标增幅是多少？", "10%", "13%"),
    ("江门要新增多少家省级科普基地？", "8家", "14家"),
    ("How many high-tech enterprises does Jiangmen aim for?", "3000家", "3470家"),
    ("By how much should R&D spending in Jiangmen grow?", "10%", "13%"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEJIAN_CACHE", _MODEL_CACHE)
        settings = Settings()
    text = (ROOT / "samples" / "pages" / PAGE).read_text("gb18030")
    for _, written, altered in ALTERED[:3]:
        assert written in text
        text = text.replace(written, altered)
    page = tmp_path_factory.mktemp("pages") / PAGE
    page.write_text(text, "utf-8")
    with Library.open(tmp_path_factory.mktemp("shelf"), settings, SentenceEncoder(settings)) as library:
        ingest(library, [page])
        yield Assistant(library)


@pytest.mark.parametrize(("question", "written", "altered"), ALTERED, ids=[q for q, _, _ in ALTERED])
def test_the_answer_follows_the_shelf(assistant: Assistant, question: str, written: str, altered: str) -> None:
    answer = assistant.ask(question)
    said = answer.answer.replace(",", "")
    assert altered.rstrip("家") in said
    assert written.rstrip("家") not in said
    assert any(altered in Path(c.uri).read_text("utf-8")[c.raw_start : c.raw_end] for c in answer.citations)
