"""Damage made to order: the same from the same seed, and a truth that leads back to the clean text."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from eval.noise import DAMAGES, Damaged, damage, headline, paragraphs
from eval.noise.boilerplate import SPLITS, _wordings
from eval.noise.gbk import shift_from
from eval.noise.losses import misread
from eval.noise.readings import _blindly

ARTICLE = (
    "云川市今年新建3个实验室，预计投入2.5亿元。“我们正积极对接高校，”负责人高远说，“设备明年到位。”他表示，"
    "数据中心已经进入调试阶段。“加强应用研究，是当前的重点。”技术团队负责人说，学习国内经验后，方案作了四次调整。"
    "专家认为，特色产业要发展，离不开认真传达政策的干部。会议强调，各县区要积极当好服务员，带动企业扩大生产规模！"
    "“谁来办？”市民代表问。“我们办！”书记回答。8月3日，云川大学与12家企业签订了协议，双方将在材料、能源等领域开展合作。"
    "据介绍，全市规模以上工业企业的研发机构覆盖率已经超过六成，未来三年还要再提高十个百分点，经费由市县两级共同承担。"
)
TITLES = ("两地合建的产业园开工，首批入驻九家企业", "老城区的早市搬了新家，摊主说生意更好了")
SEEDS = range(12)


def made(name: str, seed: int) -> Damaged:
    return damage(name, ARTICLE, Random(seed), TITLES)


def restored(page: Damaged) -> str:
    """The clean text, put together from what the page's characters say they stand for."""
    spans = list(dict.fromkeys(zip(page.text.starts.tolist(), page.text.stops.tolist(), strict=True)))
    return "".join(page.clean[start:stop] for start, stop in spans)


@pytest.mark.parametrize("name", DAMAGES)
def test_the_same_seed_gives_the_same_page(name: str) -> None:
    assert [made(name, seed).page for seed in SEEDS] == [made(name, seed).page for seed in SEEDS]


@pytest.mark.parametrize("name", sorted(set(DAMAGES) - {"none", "width"}))
def test_another_seed_gives_another_page(name: str) -> None:
    assert len({made(name, seed).page for seed in SEEDS}) > 3


@pytest.mark.parametrize("name", sorted(set(DAMAGES) - {"lost"}))
def test_the_truth_leads_back_to_the_clean_text(name: str) -> None:
    for seed in SEEDS:
        page = made(name, seed)
        assert restored(page) == page.clean
        assert len(page.added) == len(page.page) == len(page.text.starts)


@pytest.mark.parametrize("name", DAMAGES)
def test_every_spot_lies_in_the_clean_text_and_what_is_gone_in_its_spot(name: str) -> None:
    for page in (made(name, seed) for seed in range(60)):
        for spot in page.spots:
            assert 0 <= spot.start < spot.end <= len(page.clean)
            assert all(spot.start <= i < spot.end for i in spot.gone)


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_added_is_not_the_article(name: str) -> None:
    for page in (made(name, seed) for seed in SEEDS):
        own = zip(page.page, page.added, page.text.starts, page.text.stops, strict=True)
        assert all(start == stop for _, mark, start, stop in own if mark)


def test_undamaged_is_undamaged() -> None:
    assert made("none", 0).page == ARTICLE


@pytest.mark.parametrize(
    ("text", "seen", "gone"),
    [
        ("。”黃輝說", "！秉S", ""),
        ("。”惠州市“牢記殷殷囑托 在", "！被葜菔小袄斡浺笠髧谕", "托"),
        ("。“我們正積極", "！拔覀冋e", "正積"),
        ("。“加強(qiáng)", "！凹訌", "強"),
        ("？”黃", "俊秉S", ""),
        ("。”\n", "！", "”"),
    ],
)
def test_a_run_reads_as_the_observed_ones_do(text: str, seen: str, gone: str) -> None:
    run = shift_from(text, 0)
    assert run.chars == seen
    assert "".join(text[i] for i in sorted(run.gone)) == gone


def test_a_left_over_byte_may_eat_a_letter() -> None:
    run = shift_from("。”云A座", 0)
    assert (run.end, run.gone) == (4, frozenset())
    assert (b"\xa1\xa3\xa1" + run.chars[1:].encode("gbk")).decode("gbk") == "。”云A"


def test_nothing_is_lost_in_a_run_but_what_is_said_to_be_gone() -> None:
    """The run's bytes, with the lost first byte, hold every character that is not gone."""
    for page in (made("shift", seed) for seed in SEEDS):
        for spot in page.spots:
            if "site" not in page.variant and not spot.gone:
                start, end = page.page_span(spot.start, spot.end)
                seen = page.page[start:end].replace("!", "！").encode("gbk")
                wanted = page.clean[spot.start : spot.end].encode("gbk")
                assert wanted[1:] == seen


def test_blind_readings_collide_as_the_observed_ones_do() -> None:
    table = {"數": "shù", "當": "dāng", "達": "dá", "學": "xué"}
    page = _blindly(Damaged.nothing("敢于擔當的銳氣和學者"), table)
    assert page.page == "敢于擔當(dāng)?shù)匿J氣和學(xué)者"
    (spot,) = page.spots
    assert (page.clean[spot.start : spot.end], [page.clean[i] for i in spot.gone]) == ("的銳", ["的"])


def test_wraps_break_no_figure_and_no_latin_word() -> None:
    for page in (made("wraps", seed) for seed in SEEDS):
        for spot in page.spots:
            assert spot.kind == "keep" or not any(c.isascii() for c in page.clean[spot.start : spot.end])
            assert (spot.kind == "keep") == ("\n" in page.clean[spot.start : spot.end])
            start, end = page.page_span(spot.start, spot.end)
            assert "\n" in page.page[start:end]


def test_paragraphs_follow_older_ones_and_stops() -> None:
    assert paragraphs("甲方说。   乙方答。", Random(0)) == "甲方说。\n乙方答。"
    found = paragraphs(ARTICLE, Random(0))
    assert found.replace("\n", "") == ARTICLE
    assert all(
        a in "。！？”" and b not in "。！？”" for a, b in pairwise(found.replace("\n", "")) if f"{a}\n{b}" in found
    )


def test_a_headline_is_no_time_and_no_label() -> None:
    assert headline("2024-05-01 08:00:00，正文：山路修通了，果农笑了。今年") == "山路修通了，果农笑了"
    assert headline("2024年5月1日。") == ""


def test_the_splits_share_no_wording() -> None:
    fit, test = (_wordings(split) for split in SPLITS)
    for part, lists in fit.items():
        for name, wordings in lists.items():
            assert len(wordings) >= 3
            assert not set(wordings) & set(test[part][name])


def test_names_of_bylines_are_told() -> None:
    pages = [made("boilerplate", seed) for seed in SEEDS]
    assert any(page.names for page in pages)
    assert all(name in page.page for page in pages for name in page.names)


def test_misreading_tells_what_it_lost() -> None:
    assert misread("中文", "gb18030", "latin-1") == ("ÖÐÎÄ", set())
    seen, gone = misread("一中文", "utf-8", "gb18030")
    assert "\ufffd" in seen
    assert gone
