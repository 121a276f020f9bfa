from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import fold_script, join_broken_lines, remove_boilerplate, remove_readings, tidy_whitespace
from ingest.clean.credits import remove_credits
from ingest.metadata import Metadata, find_metadata
from ingest.origin import Text
from library.records import Details, Person

BODY = "江门市科技局召开全市科技系统工作会议，部署全年重点任务，江门的企业代表参加，江门各区作了发言。"


def _found(page: str, **declared: str) -> Metadata:
    return find_metadata(page, BODY, **declared)


def _lead(sentence: str, around: str = "") -> tuple[str, str]:
    """The date of a page whose text begins with a sentence, and where it is from."""
    found = find_metadata(f"{sentence}\n{BODY}\n{around}", f"{sentence}\n{BODY}")
    return found.published, found.details.published_from


def test_a_whole_head() -> None:
    page = f"首页 新闻 科技\n江门市召开全市科技工作会议\n来源：江门日报 发布时间：2024年4月15日\n{BODY}\n责任编辑：白露"
    details = Details(bureau="江门市科技局", editors=("白露",), published_from="stated")
    assert _found(page) == Metadata("江门市召开全市科技工作会议", "江门", "2024-04-15", "江门日报", details)


def test_a_page_that_says_nothing_of_itself() -> None:
    assert find_metadata("今天天气很好。", "今天天气很好。") == Metadata("", "", "", "")


def test_what_is_declared_wins() -> None:
    page = f"江门市召开全市科技工作会议\n来源：江门日报 作者：方晓 2024-04-15\n{BODY}"
    found = _found(page, title="随州访谈", published="2025/2/6 08:00", source="随州网", author="陆以宁")
    assert (found.title, found.city, found.published, found.source) == ("随州访谈", "随州", "2025-02-06", "随州网")
    assert (found.details.author, found.details.published_from) == ("陆以宁", "stated")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2024-04-15 10:20", "2024-04-15"),
        ("2024-04-15T08:00", "2024-04-15"),
        ("2024年4月5日", "2024-04-05"),
        ("二〇二四年四月十五日", "2024-04-15"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("二〇二四年十月二十日", "2024-10-20"),
        ("2024/4/15", "2024-04-15"),
        ("2024.04.15", "2024-04-15"),
        ("20240415", "2024-04-15"),
        ("2024-13-45", ""),
        ("2024年4月", ""),
        ("昨日", ""),
        ("", ""),
    ],
)
def test_dates(line: str, published: str) -> None:
    assert _found(f"江门市召开全市科技工作会议\n{line}\n{BODY}").published == published


def test_a_date_in_the_text_is_not_the_pages() -> None:
    assert _found(f"江门市召开会议要闻\n{BODY}会议于2024年4月15日召开。\n").published == ""
    assert _found(f"江门市召开会议要闻\n{BODY}\n截止时间：2024年4月15日").published == ""
    assert _found(f"江门市召开会议要闻\n{BODY}\n时间：2024年4月15日").published == ""


def test_a_labelled_date_counts_wherever_it_stands() -> None:
    assert _found(f"2023-01-01\n{BODY}\n发布日期：2024-04-16").published == "2024-04-16"


def test_a_notices_date_stands_under_its_signature() -> None:
    found = _found(f"关于申报的通知\n{BODY}\n云川市科学技术局\n二〇二五年五月六日")
    assert (found.published, found.details.published_from) == ("2025-05-06", "stated")
    assert found.details.bureau == "云川市科学技术局"


@pytest.mark.parametrize(
    ("sentence", "around", "published"),
    [
        ("2024年4月15日，江门市科技局召开全市科技系统工作会议，部署全年工作。", "", "2024-04-15"),
        ("4月15日上午，市科技局召开2024年度全市科技系统工作会议，部署全年的工作。", "", "2024-04-15"),
        (
            "2月6日，我市召开整体提升环境的大会，对今后一个时期的工作作出部署。",
            "推荐\n2025-02-27 11:45:04",
            "2025-02-06",
        ),
        (
            "12月6日，我市召开整体提升环境的大会，对今后一个时期的工作作出部署。",
            "推荐\n2025-02-27 11:45:04",
            "2024-12-06",
        ),
        ("4月15日，市科技局召开全市科技系统工作会议，部署了全年的工作。", "版权所有 © 2010-2024", "2024-04-15"),
    ],
)
def test_the_leads_date_is_inferred(sentence: str, around: str, published: str) -> None:
    assert _lead(sentence, around) == (published, "inferred")


@pytest.mark.parametrize(
    ("sentence", "around"),
    [
        ("4月15日上午，市科技局召开全市科技系统的工作会议，部署全年工作。", ""),
        ("今年4月15日，市科技局召开全市科技系统的工作会议，部署全年工作。", ""),
        ("1月15日，市科技局召开2024年度全市科技系统工作总结会议，回顾全年工作。", ""),
        ("12月15日，市科技局召开2024年度全市科技系统工作会议，部署了工作。", ""),
        ("2月6日，我市召开整体提升环境的大会，对今后一个时期的工作作出部署。", "2025-02-27 11:45\n2023-02-27 11:45"),
        ("4月15日，市科技局召开2023年度全市科技系统工作会议，部署全年工作。", "2025-02-27 11:45"),
        ("截至2024年4月15日，全市高新技术企业达到三千家，比上年增加了三百家。", ""),
        ("4月15日和5月16日，市科技局召开2024年度全市科技系统工作会议两次。", ""),
        ("1953年7月27日，双方代表在会场签署了协议，几十年之后人们仍然记得。", ""),
        ("2020年4月15日，公司在江门成立并投产，2024年4月15日又建成了新的工厂。", ""),
    ],
)
def test_a_year_in_doubt_is_left_open(sentence: str, around: str) -> None:
    assert _lead(sentence, around) == ("", "")


def test_a_heads_month_and_day_take_their_year_from_the_page() -> None:
    page = f"江门市召开全市科技工作会议\n发布时间：04-15 08:20\n{BODY}\n推荐\n2024-04-16 09:00"
    found = _found(page)
    assert (found.published, found.details.published_from) == ("2024-04-15", "inferred")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("原标题：为增长贡献科技力量", "为增长贡献科技力量"),
        ("原标题\n为高质量发展贡献科技力量", "为高质量发展贡献科技力量"),
        (
            "原标题\n市科技局局长谈贯彻大会精神\n为高质量发展贡献科技力量",
            "市科技局局长谈贯彻大会精神 为高质量发展贡献科技力量",
        ),
        ("新闻中心 科技动态\n江门科技会议召开", "江门科技会议召开"),
        ("分享到：\n记者 陆以宁 江门报道\n江门科技会议召开", "江门科技会议召开"),
        ("要闻", ""),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert _found(f"{head}\n{BODY}").title == title


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("来源：云川日报", "云川日报"),
        ("信息来源: 云川日报 作者：陆以宁", "云川日报"),
        ("稿源：云川日报，编辑", "云川日报"),
        ("云川日报记者陆以宁", "云川日报"),
        ("您访问的链接即将离开“江门市科技局”网站，是否继续？", "江门市科技局"),
        ("数据来源：云川日报", ""),
    ],
)
def test_sources(line: str, source: str) -> None:
    assert _found(f"{line}\n{BODY}").source == source


def test_the_interviewers_paper_is_the_source() -> None:
    lead = "近日，随州日报全媒体记者采访了市科技局局长沈知远，请他谈一谈今年的工作安排。"
    assert find_metadata(lead, lead).source == "随州日报"


def test_the_city_of_the_paper_where_the_text_names_none() -> None:
    text = "会议强调，要紧紧围绕目标，推动科技与产业互促双强，全市上下一起努力。"
    assert find_metadata(f"惠州日报记者陆以宁\n{text}", text).city == "惠州"


def test_who_made_a_page() -> None:
    tail = "云川日报记者陆以宁 通讯员云科宣\n编辑：白露 审核：吴桐"
    page = f"{BODY}\n加氢站外景。 云川日报记者李行 摄\n{BODY}（记者方晓）\n{tail}"
    details = find_metadata(page, f"{BODY}\n{BODY}（记者方晓）").details
    assert details.author == "陆以宁、云科宣、方晓"
    assert (details.photographers, details.captions) == (("李行",), ("加氢站外景。",))
    assert details.editors == ("白露", "吴桐")


def test_details_survive_json() -> None:
    details = Details("甲局", "乙", (Person("丙", "局长"),), ("丁",), ("戊",), ("己",), "inferred")
    assert Details.from_dict(details.to_dict()) == details
    assert details.to_dict()["people"] == [{"name": "丙", "office": "局长"}]
    assert Details.from_dict({}) == Details()


@given(
    st.text(st.sampled_from("江门市科技局长王一（记者）来源：2024-年月日045\n 。，摄"), max_size=120)
    | st.text(max_size=80)
)
def test_no_page_raises(page: str) -> None:
    find_metadata(page, page, "", page[:20])


@pytest.mark.parametrize(
    "unit",
    [
        "局长王{}说，",
        "（记者",
        "2024-04-15 ",
        "至2024年4月15日，",
        "\n编辑：白{}",
        "\n发布时间：04-15 08:20\n2024-04-15 09:00",
    ],
)
def test_time_grows_linearly(unit: str) -> None:
    page = "".join(unit.replace("{}", chr(0x4E00 + n % 20_000)) for n in range(30_000))[:200_000]
    started = time.perf_counter()
    find_metadata(page, page)
    assert time.perf_counter() - started < 10


HUANG, SONG, BAI = (
    Person("黄辉", "惠州市科技局党组书记、局长"),
    Person("宋巍", "市科技局党组书记、局长"),
    Person("白玉涛", "市科技局局长"),
)
LIU, FANG = Person("刘长虹", "市科技局党组书记、局长"), Person("方金旺", "党组成员、副局长")
# Read off the pages by hand. The Suizhou interview and the Jiangmen report give month and day only.
SHARED = {
    "000_": ("惠州", "", "惠州日报", Details("惠州市科技局", "刘豪伟、惠科宣", (HUANG,), photographers=("朱金赞",))),
    "001_": ("汕尾", "", "汕尾市科技局", Details("汕尾市科技局", people=(SONG,))),
    "002_": ("随州", "2025-02-06", "随州日报", Details("随州市科技局", people=(BAI,), published_from="inferred")),
    "003_": ("江门", "2024-04-15", "", Details("江门市科技局", people=(LIU, FANG), published_from="inferred")),
    "004_": ("", "", "", Details()),
}


@pytest.mark.parametrize("prefix", SHARED)
def test_the_real_pages(prefix: str, shared_articles: Path) -> None:
    found = _of_page(next(shared_articles.glob(f"{prefix}*")))
    city, published, source, details = SHARED[prefix]
    assert (found.city, found.published, found.source) == (city, published, source)
    got = {k: v for k, v in found.details.to_dict().items() if k != "captions"}
    assert got == {k: v for k, v in details.to_dict().items() if k != "captions"}
    assert len(found.details.captions) == (prefix == "000_")


def test_the_real_titles(shared_articles: Path) -> None:
    titles = {path.name[:3]: _of_page(path).title for path in shared_articles.glob("*.txt")}
    kicker, title = titles["000"].split()
    assert "黄辉谈" in kicker and title.endswith("贡献科技力量")
    assert (titles["001"], titles["003"]) == ("", "")
    assert titles["002"].endswith("“新引擎”") and titles["004"].endswith("会上的讲话")


def _of_page(path: Path) -> Metadata:
    text = Text.from_raw(path.read_text("utf-8"))
    for cleaner in (tidy_whitespace, remove_readings, fold_script):
        text = cleaner(text).text
    body = text
    for cleaner in (remove_boilerplate, remove_credits, join_broken_lines):
        body = cleaner(body).text
    return find_metadata(text.chars, body.chars.strip())
