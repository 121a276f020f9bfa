from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import docx
import openpyxl
import pytest

from library import Library
from library.errors import NotFoundError, UsageError
from rag.brief import choose_articles, write_brief
from rag.export import export_library, render
from rag.retrieve import Filters
from tests.fakes import ScriptedModel, shelved

EN = "The city aims for 3,000 high-tech enterprises and 8 new science bases."


class Parrot(ScriptedModel):
    """Translates everything into the same words."""

    def stream(self, messages, max_tokens):  # type: ignore[no-untyped-def]
        self.queue(EN)
        return super().stream(messages, max_tokens)


@pytest.fixture
def ids(shelf: Library) -> dict[str, str]:
    return {a.city: a.id for a in shelf.articles()}


def test_a_briefing_cites_every_point_exactly(shelf: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(shelf, Parrot(), [ids["江门"]], "en")
    points = [p for s in briefing.sections for p in s.points]
    assert any("3000家" in p.zh and p.numbers == "ok" and p.en == EN for p in points)
    cited = {c.n: c for c in briefing.citations}
    assert list(cited) == list(range(1, len(cited) + 1))
    assert {n for p in points for n in p.citations} == cited.keys()
    for c in cited.values():
        assert shelf.get(c.article_id).body[c.start : c.end] == c.quote
    assert all(cited[p.citations[0]].quote == p.zh for s in briefing.sections[:-1] for p in s.points)
    assert any(t.zh == "高企存量" for t in briefing.glossary)


def test_a_figure_that_the_translation_changed_is_marked(shelf: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(shelf, Parrot(), [ids["随州"]], "en")
    wrong = [p for s in briefing.sections for p in s.points if "80亿元" in p.zh]
    assert wrong[0].numbers == "mismatch" and wrong[0].flags
    assert "FIGURES DIFFER" in render(briefing, "md").decode()


def test_chinese_needs_no_model_and_english_says_when_it_lacks_one(shelf: Library, ids: dict[str, str]) -> None:
    chinese = write_brief(shelf, None, list(ids.values()), "zh")
    assert chinese.sections and not any(p.flags or p.en for s in chinese.sections for p in s.points)
    english = write_brief(shelf, None, [ids["江门"]], "en")
    sentences = [p for s in english.sections[:-1] for p in s.points]
    assert sentences and all(p.flags == ("not translated: no language model",) for p in sentences)
    assert "without a language model" in render(english, "md").decode()


def test_articles_are_chosen_by_id_topic_city_or_date(shelf: Library, ids: dict[str, str]) -> None:
    assert choose_articles(shelf, [ids["江门"], ids["江门"]]) == [ids["江门"]]
    assert choose_articles(shelf, [], topic="随州的行动")[0] == ids["随州"]
    assert choose_articles(shelf, [], filters=Filters(city="随州")) == [ids["随州"]]
    assert choose_articles(shelf, [], filters=Filters(until="2024-12-31")) == [ids["江门"]]
    with pytest.raises(NotFoundError, match="articles list"):
        choose_articles(shelf, ["nope"])
    with pytest.raises(NotFoundError):
        choose_articles(shelf, [], filters=Filters(city="深圳"))


def test_too_many_articles_name_the_remedy(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.brief.choose.MAX_ARTICLES", 12)
    library.add([shelved(f"{n}.txt", f"第{n}篇文章的正文在这里，共{n}段。", city="江门") for n in range(13)])
    with pytest.raises(UsageError, match="kejian export"):
        choose_articles(library, [], filters=Filters(city="江门"))


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_page_text_is_harmless_in_every_form(library: Library, form: str) -> None:
    library.add(
        [shelved("x.txt", "力争<script>alert(1)</script>突破400家企业，[点此](javascript:1)。", title="<b>题</b>")]
    )
    text = render(write_brief(library, None, [library.articles()[0].id], "both"), form).decode()
    assert form == "json" or "<script>" not in text
    assert form != "md" or "[点此]" not in text
    assert form != "json" or json.loads(text)["language"] == "both"


def test_an_export_is_resumed_and_follows_changes(shelf: Library, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = export_library(shelf, None, out, ("md", "jsonl"), "zh")
    assert (first.written, first.skipped, first.failed) == (2, 0, ())
    lines = (out / "summaries.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["articles"][0] for line in lines} == {a.id for a in shelf.articles()}
    again = export_library(shelf, None, out, ("md", "jsonl"), "zh")
    assert (again.written, again.skipped) == (0, 2)
    assert again.files == first.files
    shelf.add([shelved("suizhou.txt", "随州力争高企突破500家，另有安排。", city="随州", chunk=200)])
    assert export_library(shelf, None, out, ("md",), "zh").written == 1


def test_every_format_opens_in_its_own_reader(shelf: Library, tmp_path: Path) -> None:
    report = export_library(shelf, None, tmp_path, ("html", "docx", "jsonl", "csv", "xlsx"), "zh")
    ids = [a.id for a in shelf.articles()]
    assert len(report.files) == 2 * len(ids) + 3
    briefings = [json.loads(line) for line in (tmp_path / "summaries.jsonl").read_text("utf-8").splitlines()]
    points = [p["zh"] for b in briefings for s in b["sections"] for p in s["points"]]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "summaries.csv").read_text("utf-8-sig"))))
    assert [row["zh"] for row in rows] == points
    assert all(shelf.get(row["article_id"]).body[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows)
    book = openpyxl.load_workbook(tmp_path / "summaries.xlsx")
    assert book.sheetnames == ["summaries", "targets"]
    assert [row[6] for row in book["summaries"].iter_rows(min_row=2, values_only=True)] == points
    for article_id, briefing in zip(ids, briefings, strict=True):
        document = docx.Document(str(tmp_path / f"{article_id}.docx"))
        text = "\n".join(p.text for p in document.paragraphs)
        assert all(p["zh"] in text for s in briefing["sections"] for p in s["points"])
        anchors = set(re.findall(r'w:anchor="(\w+)"', document.element.xml))
        assert anchors and anchors <= set(re.findall(r'w:bookmarkStart [^>]*w:name="(\w+)"', document.element.xml))


def test_a_page_full_of_control_characters_is_exported(library: Library, tmp_path: Path) -> None:
    library.add([shelved("x.txt", "=力争\x01突破400家企业\x0b，<b>新增</b>8家孵化器。", city="江门", title="=1+1")])
    report = export_library(library, None, tmp_path, ("docx", "csv", "xlsx", "html", "md"), "zh")
    assert report.failed == ()
    sheet = openpyxl.load_workbook(tmp_path / "summaries.xlsx")["summaries"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_an_interrupted_export_keeps_what_is_finished(shelf: Library, tmp_path: Path) -> None:
    def interrupt(done: int, total: int, label: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_library(shelf, None, tmp_path, ("jsonl",), "zh", progress=interrupt)
    assert len((tmp_path / "summaries.jsonl").read_text("utf-8").splitlines()) == 1
    assert export_library(shelf, None, tmp_path, ("jsonl",), "zh").to_dict()["skipped"] == 1


def test_an_unknown_format_is_refused_before_any_work(shelf: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Known are: md, html, docx, jsonl"):
        export_library(shelf, None, tmp_path, ("pdf",))


def test_a_topic_that_no_article_has_is_refused(shelf: Library) -> None:
    with pytest.raises(NotFoundError):
        choose_articles(shelf, [], topic="航天发射")
