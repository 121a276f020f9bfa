"""How a briefing is laid out: lead, sections, repetition, slogans, who and when and where; volumes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest

from library import Library
from library.records import Briefing, Point, Shelved, Target
from rag.brief import write_brief
from rag.brief.pieces import choose_pieces, is_repeated
from rag.brief.themes import theme_of
from rag.export import export_library, render
from rag.export.note import cited_pages
from rag.prompts import Message
from tests.fakes import shelved

QINGSHI = (
    "3月5日，青石市科技局党组书记、局长何平主持召开全市科技工作会议，副局长许砚秋出席。"
    "全局上下要牢记殷殷嘱托，深入学习贯彻会议精神，昂扬奋进。"
    "力争全年高企总数突破800家，研发投入增长12%以上。"
    "青石湾实验室年内建成中试线3条，攻关核心技术15项。"
    "市财政安排科技奖补资金6000万元，支持企业申报专利。"
    "全市引进博士80名，新设院士工作站2个。"
    "会议还研究了作风建设的有关事项和下一步的安排。"
)
BAIQIAO = (
    "白桥市科技局局长方金旺介绍，今年力争高企总数突破300家。"
    "白桥市新建孵化器4家，孵化面积达到20万平方米。"
    "全市引进博士80名，并新设院士工作站2个。"
)


def _target(article_id: str, city: str, value: int, body: str, quote: str, year: int = 2024) -> Target:
    start = body.find(quote)
    return Target(
        city, "高企总数", "number of high-tech enterprises", ">", value, "家", f"more than {value}", year, article_id,
        start, start + len(quote), quote,
    )  # fmt: skip


@pytest.fixture
def ids(library: Library) -> dict[str, str]:
    qingshi = shelved("qingshi.txt", QINGSHI, city="青石", published="2024-03-06", title="青石科技会议", chunk=400)
    baiqiao = shelved("baiqiao.txt", BAIQIAO, city="白桥", published="2024-02-01", title="白桥科技", chunk=400)
    given = [(qingshi, 800, "力争全年高企总数突破800家"), (baiqiao, 300, "今年力争高企总数突破300家")]
    library.add([_with_target(s, value, quote) for s, value, quote in given])
    return {a.city: a.id for a in library.articles()}


def _with_target(page: Shelved, value: int, quote: str) -> Shelved:
    a = page.article
    return replace(page, targets=(_target(a.id, a.city, value, a.body, quote),))


def _points(briefing: Briefing, heading: str) -> list[Point]:
    return [p for s in briefing.sections if s.heading_en == heading for p in s.points]


def test_the_lead_states_the_targets_and_needs_no_model(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, [ids["青石"]], "en")
    lead = _points(briefing, "In brief")
    assert lead[0].en == "Qingshi's targets for 2024: number of high-tech enterprises, more than 800."
    assert (lead[0].numbers, lead[0].flags) == ("ok", ())
    quote = next(c.quote for c in briefing.citations if c.n == lead[0].citations[0])
    assert quote == "力争全年高企总数突破800家"
    assert all("突破800家" not in p.zh for p in lead[1:])  # told once is enough for a lead


def test_people_dates_and_places_are_named_with_the_sentence_that_names_them(
    library: Library, ids: dict[str, str]
) -> None:
    briefing = write_brief(library, None, [ids["青石"]], "en")
    who, when, where = _points(briefing, "Who, when, where")
    assert "He Ping (何平), Party leadership group secretary and director, Qingshi Science and Tech" in who.en
    assert "Xu Yanqiu (许砚秋), deputy director" in who.en
    assert when.en == "When: 5 March 2024."
    assert where.en == "Where: Qingshi."
    cited = {c.n: c.quote for c in briefing.citations}
    assert all("何平" in cited[n] or "青石" in cited[n] for p in (who, when, where) for n in p.citations)


def test_slogans_stand_back_for_substance(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, [ids["青石"]], "zh")
    assert not any("殷殷嘱托" in p.zh for s in briefing.sections for p in s.points)


def test_a_page_of_slogans_alone_is_still_summed_up(library: Library) -> None:
    library.add([shelved("x.txt", "全局要牢记殷殷嘱托，走在前列。要学习贯彻会议精神，昂扬奋进。", city="青石")])
    briefing = write_brief(library, None, [library.articles()[0].id], "zh")
    assert any("殷殷嘱托" in p.zh for s in briefing.sections for p in s.points)


def test_several_cities_have_a_section_each_and_differences_are_kept(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, [ids["青石"], ids["白桥"]], "en", topic="高企目标")
    lead = [p.en for p in _points(briefing, "In brief")]
    assert "Qingshi's targets for 2024: number of high-tech enterprises, more than 800." in lead
    assert "Baiqiao's targets for 2024: number of high-tech enterprises, more than 300." in lead
    assert [t.value for t in briefing.targets] == [800, 300]
    assert [s.heading_en for s in briefing.sections[1:-1]] == ["Qingshi", "Baiqiao"]
    assert all("高企" in p.zh for s in briefing.sections[1:-1] for p in s.points)


def test_a_city_with_nothing_on_the_topic_says_so(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, [ids["青石"], ids["白桥"]], "en", topic="孵化器")
    assert not _points(briefing, "Qingshi") and "Qingshi" in [s.heading_en for s in briefing.sections]
    assert "Nothing on this topic." in render(briefing, "md").decode()
    assert "Nothing on this topic." in render(briefing, "html").decode()


def test_what_articles_repeat_is_told_once_with_both_places(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, [ids["青石"], ids["白桥"]], "zh")
    told = [p for s in briefing.sections for p in s.points if "博士80名" in p.zh]
    assert len(told) == 1 and len(told[0].citations) == 2
    assert {c.article_id for c in briefing.citations if c.n in told[0].citations} == set(ids.values())


def test_other_figures_are_no_repetition() -> None:
    assert is_repeated("全市引进博士80名，新设院士工作站2个。", "全市引进博士80名，并新设院士工作站2个。")
    assert not is_repeated("全市引进博士80名，新设院士工作站2个。", "全市引进博士90名，新设院士工作站2个。")


def test_one_city_is_told_by_themes(library: Library, ids: dict[str, str]) -> None:
    body = "".join(
        f"青石市新建省级实验室{n}家，攻关核心技术{n}项。全市培育企业{n}00家，壮大产业集群。" for n in range(2, 6)
    )
    library.add([shelved("more.txt", body, city="青石", chunk=400)])
    briefing = write_brief(library, None, [a.id for a in library.articles() if a.city == "青石"], "zh")
    headings = [s.heading_en for s in briefing.sections]
    assert "Research and innovation platforms" in headings and "Enterprises and industry" in headings
    assert theme_of("全市培育企业300家，壮大产业集群。").zh == "企业与产业"


def test_a_long_sentence_is_parted_at_its_semicolons(library: Library) -> None:
    part = "青石市围绕新型储能和光电产业建设中试平台{}个，并为企业开放科研仪器和中试场地"
    library.add([shelved("long.txt", "；".join(part.format(n) for n in (3, 4, 5)) + "。", city="青石", chunk=400)])
    article = library.get(library.articles()[0].id)
    pieces = choose_pieces(article, library.encoder, 5)
    assert len(pieces) == 3
    assert all(article.body[p.start : p.end] == p.text for p in pieces)


def test_an_items_heading_stands_with_what_follows(library: Library) -> None:
    body = "二是实施平台建设行动。推进青石湾实验室落地，新建中试线3条。会议研究了其他事项和下一步安排。"
    library.add([shelved("item.txt", body, city="青石", chunk=400)])
    pieces = choose_pieces(library.get(library.articles()[0].id), library.encoder, 5)
    assert "二是实施平台建设行动。推进青石湾实验室落地，新建中试线3条。" in [p.text for p in pieces]


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.links += [str(given["href"])[1:]] if (given.get("href") or "").startswith("#") else []


def test_one_volume_holds_all_and_its_links_land(library: Library, ids: dict[str, str], tmp_path: Path) -> None:
    report = export_library(library, None, tmp_path, ("md", "html", "docx"), "both", volume=True)
    assert len(report.files) == 3 * len(ids) + 3
    page = _Anchors()
    page.feed((tmp_path / "summaries.html").read_text("utf-8"))
    assert len(set(page.ids)) == len(page.ids) and set(page.links) <= set(page.ids) and page.links
    text = (tmp_path / "summaries.md").read_text("utf-8")
    notes = re.findall(r"^\[\^([\d-]+)\]:", text, re.M)
    assert len(set(notes)) == len(notes)
    assert set(re.findall(r"\[\^([\d-]+)\](?!:)", text)) == set(notes)
    document = docx.Document(io.BytesIO((tmp_path / "summaries.docx").read_bytes()))
    marks = re.findall(r'w:bookmarkStart [^>]*w:name="(\w+)"', document.element.xml)
    assert len(set(marks)) == len(marks)
    assert set(re.findall(r'w:anchor="(\w+)"', document.element.xml)) == set(marks)


def test_pages_of_an_english_briefing_stand_by_place_and_date(library: Library, ids: dict[str, str]) -> None:
    briefing = write_brief(library, None, list(ids.values()), "en")
    names = {page.name: page.about for page in cited_pages(briefing)}
    assert names == {"Qingshi, 6 March 2024": "青石科技会议", "Baiqiao, 1 February 2024": "白桥科技"}
    chinese = cited_pages(write_brief(library, None, list(ids.values()), "zh"))
    assert {page.name for page in chinese} == {"青石科技会议", "白桥科技"}


def test_an_indicator_without_an_english_name_is_worded_by_the_model_and_marked(library: Library) -> None:
    page = shelved("a.txt", "今年力争杨梅塔达到12座。", city="青石", published="2024-03-06", chunk=400)
    a = page.article
    target = replace(
        _target(a.id, "青石", 12, a.body, "力争杨梅塔达到12座"), indicator="杨梅塔", indicator_en="", unit="座"
    )
    library.add([replace(page, targets=(target,))])
    briefing = write_brief(library, _Worded(), [a.id], "en")
    assert [t.indicator_en for t in briefing.targets] == ["bayberry towers (model's wording)"]
    assert write_brief(library, None, [a.id], "en").targets[0].indicator_en == ""


class _Worded:
    """Words the indicator alone one way, its sentence another."""

    name = "scripted"

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        yield "Bayberry towers." if messages[-1][1] == "杨梅塔" else "The city aims for 12 bayberry towers."
