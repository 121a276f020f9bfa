"""The whole way with the real encoder and the real language model, on real pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import ingest
from lang.script import to_simplified
from library import Library, Settings
from library.records import Answer
from rag import Assistant
from rag.brief import write_brief

pytestmark = pytest.mark.models

ANSWERED = [
    ("江门市的高企存量目标是多少？", "3000家", "003_"),
    ("随州市高新技术企业总数的目标是多少？", "400家", "002_"),
    ("随州要入库多少家科技型中小企业？", "1000家", "002_"),
    ("随州全年技术合同登记额目标是多少？", "80亿元", "002_"),
    ("随州全社会研发投入要增长多少？", "20%以上", "002_"),
    ("By how much does Jiangmen aim to increase R&D spending?", "10%", "003_"),
    ("How many joint projects with universities does Jiangmen plan?", "50", "003_"),
]
REFUSED = ["《哪吒2》的票房是多少", "深圳市的高企目标是多少"]
ACTIONS = ["技术升级", "跃升发展", "平台建设", "能力提升", "成果转化", "提质"]


@pytest.fixture(scope="module")
def assistant(shared_articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with pytest.MonkeyPatch.context() as patch:
        from tests.conftest import _MODEL_CACHE

        patch.setenv("KEJIAN_CACHE", _MODEL_CACHE)
        settings = Settings()
    with Library.open(tmp_path_factory.mktemp("shelf"), settings) as library:
        report = ingest(library, [shared_articles])
        assert (report.added, report.failed) == (5, ())
        assert ingest(library, [shared_articles]).unchanged == 5
        yield Assistant(library, settings)


def assert_citations_hold(assistant: Assistant, answer: Answer) -> None:
    assert answer.citations
    for c in answer.citations:
        assert assistant.library is not None
        assert assistant.library.get(c.article_id).body[c.start : c.end] == c.quote
        raw = Path(c.uri).read_bytes().decode("utf-8")[c.raw_start : c.raw_end]
        arrived = iter(re.sub(r"[^\u4e00-\u9fff0-9]", "", to_simplified(raw)))
        assert all(char in arrived for char in re.sub(r"[^\u4e00-\u9fff0-9]", "", c.quote))


@pytest.mark.parametrize(("question", "figure", "page"), ANSWERED)
def test_a_figure_is_answered_and_cited(assistant: Assistant, question: str, figure: str, page: str) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert figure in answer.answer
    assert {Path(c.uri).name[:4] for c in answer.citations} == {page}
    assert_citations_hold(assistant, answer)


def test_a_list_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("汕尾的六大行动有哪些")
    assert sum(action in answer.answer for action in ACTIONS) == 6
    assert {Path(c.uri).name[:4] for c in answer.citations} == {"001_"}
    assert_citations_hold(assistant, answer)


@pytest.mark.parametrize("question", REFUSED)
def test_what_the_articles_do_not_say_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("not_found", ())
    assert "nearest" in answer.to_dict()


def test_passages_are_answered_without_a_library(assistant: Assistant) -> None:
    bare = Assistant(None, assistant.settings)
    passages = ["青石市今年雨水偏多，粮食收成与往年持平。", "青石市共有科技企业孵化器12家，在孵企业340家。"]
    answer = bare.answer("青石市有多少家孵化器？", passages=passages)
    assert "12" in answer.answer
    assert [passages[int(c.article_id)][c.start : c.end] == c.quote for c in answer.citations] == [True]


def test_a_translation_keeps_its_figure(assistant: Assistant) -> None:
    (sentence,) = assistant.translate("力争全年技术合同登记额达80亿元。")
    assert "8 billion" in sentence.en
    assert (sentence.numbers, sentence.flags) == ("ok", ())


def test_an_english_briefing_of_one_article(assistant: Assistant) -> None:
    library = assistant.library
    assert library is not None
    jiangmen = next(a for a in library.articles() if a.city == "江门")
    briefing = write_brief(library, assistant.model, [jiangmen.id], "en")
    points = [point for section in briefing.sections for point in section.points]
    assert briefing.sections[0].heading_en == "In brief" and len(points) >= 10
    assert all(p.citations and p.en for p in points) and len(briefing.targets) == 11
    assert sum(p.numbers == "ok" and not p.flags for p in points) >= 4
    assert any("3000家" in p.zh and "3,000" in p.en for p in points)
