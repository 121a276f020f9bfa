"""Reprints and templates: what the signature of a body tells apart, and what it does not."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from ingest.duplicates import signature
from library.clusters import LEAST_SHINGLES, near, overlap

ARTICLE = (
    "云川市召开科技创新大会，部署全年重点工作。会议提出，今年力争高新技术企业达到420家，技术合同登记额达到36亿元。"
    "市科技局局长林一舟介绍，去年全市新增省级中试平台3个，引进青年人才1200名，为企业减税2.4亿元。\n"
    "会议要求，各县区要把创新资源更多投向光电产业，支持龙头企业牵头组建联合体，推动关键部件尽快实现自主生产。"
    "对首次通过认定的企业，市财政一次性奖励20万元；对购买设备的中小企业，按投资额的12%给予补助。\n"
    "与会代表还参观了湖滨实验基地，了解传感器、储氢材料和农业机器人的最新进展，并就人才公寓、子女入学等问题交换意见。"
)


def _edited(share: float, seed: int = 1) -> str:
    """The article with other characters in some places, figures left alone."""
    chance = random.Random(seed)
    return "".join(
        "鑫" if "\u4e00" <= c <= "\u9fff" and c not in "一二三万亿元家个名" and chance.random() < share else c
        for c in ARTICLE
    )


@pytest.mark.parametrize(
    "reprint",
    [
        pytest.param("编者按：本报今日转发如下报道，供读者参考。\n" + ARTICLE, id="lead"),
        pytest.param(ARTICLE + "\n来源：云川日报 责任编辑：周小满", id="source line"),
        pytest.param(ARTICLE.split("\n", 1)[1], id="a paragraph dropped"),
        pytest.param(ARTICLE[: len(ARTICLE) // 2], id="cut to the first half"),
        pytest.param(OpenCC("s2t").convert(ARTICLE), id="traditional"),
        pytest.param(ARTICLE.replace("，", ",").replace("4", "４").replace("\n", "\n\n  "), id="width and spaces"),
        pytest.param(_edited(0.02), id="characters changed"),
    ],
)
def test_a_reprint_is_near(reprint: str) -> None:
    assert near(signature(ARTICLE), signature(reprint))
    assert near(signature(reprint), signature(ARTICLE))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("420家", "460家"),
        ("36亿元", "3.6亿元"),
        ("12%", "15%"),
        ("云川", "惠州"),
        ("云川", "汐川"),
        ("20万元", "三十万元"),
    ],
)
def test_a_template_filled_otherwise_is_another_article(was: str, now: str) -> None:
    other = ARTICLE.replace(was, now)
    assert overlap(signature(ARTICLE), signature(other))[0] > 0.8
    assert not near(signature(ARTICLE), signature(other))


def test_a_figure_written_otherwise_is_the_same_figure() -> None:
    assert near(signature(ARTICLE), signature(ARTICLE.replace("1200名", "一千二百名")))


def test_an_excerpt_is_no_reprint() -> None:
    """A quoted paragraph makes no copy of the page that quotes it."""
    quoting = ARTICLE[: len(ARTICLE) // 4]
    assert signature(quoting).size >= LEAST_SHINGLES
    assert not near(signature(ARTICLE), signature(quoting))


@pytest.mark.parametrize(
    ("a", "b", "same"), [("会议通知。", "会议通知", True), ("会议通知", "会议通报", False), ("", "。", False)]
)
def test_a_few_words_are_near_only_where_they_are_the_same(a: str, b: str, same: bool) -> None:
    assert near(signature(a), signature(b)) is same


def test_sketches_tell_resemblance_and_containment() -> None:
    chance = random.Random(7)
    text = "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(3000))
    for share in (0.2, 0.5, 0.8):
        resemblance, containment = overlap(signature(text), signature(text[: int(3000 * share)]))
        assert resemblance == pytest.approx(share, abs=0.1)
        assert containment == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_nearness_is_mutual_and_every_text_has_a_signature(a: str, b: str) -> None:
    one, other = signature(a), signature(b)
    assert near(one, other) == near(other, one)
    assert near(one, one) == (one.size > 0)
    assert list(one.sketch) == sorted(set(one.sketch))
    assert all(0 <= h < 2**63 for h in one.sketch)


def test_it_is_the_same_in_every_process() -> None:
    code = f"from ingest.duplicates import signature; print(signature({ARTICLE!r}))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8",
        env={"PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert other.stdout.strip() == str(signature(ARTICLE))


@pytest.mark.parametrize("piece", ["一二三", "1", "1, ", "亿", "达3家，", " ", "云川市，", "甲"])
def test_no_page_takes_for_ever(piece: str) -> None:
    """Quadratic work on a text of this length would take minutes."""
    began = time.monotonic()
    signature(piece * (200_000 // len(piece)))
    assert time.monotonic() - began < 20


def test_the_hash_is_the_one_that_libraries_hold() -> None:
    """Another hash function would find no copy on a shelf that is there already."""
    assert signature("高企3家").sketch == (7863708011463129259,)
