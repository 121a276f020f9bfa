"""The shapes that the outside relies on, and what makes a record a record."""

from __future__ import annotations

import dataclasses
import inspect
import json

import pytest

from library import records
from library.records import Article, Citation, Details, Failure, Flag, Origins, Passage, Sentence, Span, Step, Summary

RECORDS = [c for _, c in inspect.getmembers(records, dataclasses.is_dataclass)]
CITATION = ["n", "article_id", "title", "city", "published", "uri", "start", "end", "quote", "raw_start", "raw_end"]


@pytest.mark.parametrize("record", RECORDS)
def test_records_are_frozen(record: type) -> None:
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert hasattr(record, "to_dict")
    assert not hasattr(record, "__dict__") or "__slots__" in vars(record)


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        (Citation, CITATION),
        (Sentence, ["text", "citations", "supported", "numbers", "reason"]),
        (Passage, ["article_id", "uri", "title", "city", "published", "start", "end", "text", "score"]),
        (records.TranslatedSentence, ["zh", "en", "numbers", "flags"]),
        (records.Term, ["zh", "en"]),
        (records.Section, ["heading_zh", "heading_en", "points"]),
        (records.Point, ["zh", "en", "citations", "numbers", "flags"]),
        (Step, ["step", "changes", "spans", "flags"]),
        (Failure, ["path", "reason"]),
    ],
)
def test_records_have_the_keys_of_the_contract(record: type, keys: list[str]) -> None:
    assert [field.name for field in dataclasses.fields(record)] == keys


def test_answers_and_briefings_have_at_least_the_keys_of_the_contract() -> None:
    answer = {f.name for f in dataclasses.fields(records.Answer)}
    assert answer >= {
        "question", "language", "status", "answer", "sentences", "citations", "model", "seconds", "nearest"
    }  # fmt: skip
    briefing = {f.name for f in dataclasses.fields(records.Briefing)}
    assert briefing >= {
        "title_zh", "title_en", "language", "articles", "sections", "targets", "citations", "glossary", "model",
        "seconds",
    }  # fmt: skip


def test_an_article_as_json() -> None:
    article = Article("a1", "/x.txt", "题", "正文。", "江门", "2024-04-15", "报", "ff", (Step("script", 2),),
                      Origins((0, 1, 2), (1, 2, 3)), ("b2",))  # fmt: skip
    assert article.to_dict() == {
        "id": "a1", "title": "题", "body": "正文。", "city": "江门", "published": "2024-04-15", "source": "报",
        "uri": "/x.txt", "chars": 3, "duplicates": ["b2"], "report": [{"step": "script", "changes": 2}],
        "details": Details().to_dict(),
    }  # fmt: skip
    assert json.loads(json.dumps(article.to_dict())) == article.to_dict()


def test_nested_records_become_plain() -> None:
    citation = Citation(1, "a1", "题", "江门", "", "/x", 0, 3, "正文。", 4, 9)
    answer = records.Answer(
        "问", "zh", "answered", "答[1]", (Sentence("答", (1,), True, "none"),), (citation,), "m", 0.1
    )
    plain = json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))
    assert plain["sentences"] == [{"text": "答", "citations": [1], "supported": True, "numbers": "none", "reason": ""}]
    assert list(plain["citations"][0]) == CITATION
    summary = Summary("a1", "/x", "", "", "", "", 3, (Step("lines", 0),))
    assert json.loads(json.dumps(summary.to_dict()))["report"] == [{"step": "lines", "changes": 0}]


def test_a_step_says_where_only_where_there_is_something_to_say() -> None:
    step = Step("shift", 1, ((3, 9),), (Flag(8, 9, "lost"),))
    assert step.to_dict() == {
        "step": "shift", "changes": 1, "spans": [[3, 9]], "flags": [{"start": 8, "end": 9, "note": "lost"}]
    }  # fmt: skip
    assert "spans" not in step.brief().to_dict()
    assert Step("lines", 0).to_dict() == {"step": "lines", "changes": 0}


def test_origins_lead_to_the_raw_passage() -> None:
    origins = Origins((0, 5, 6), (1, 6, 9))
    assert origins.raw_span(1, 3) == Span(5, 9)


def test_a_label_is_never_empty() -> None:
    assert Article("a", "u", "题", "正文").label == "题"
    assert Article("a", "u", "", "正文很长" * 20).label.startswith("正文很长")
