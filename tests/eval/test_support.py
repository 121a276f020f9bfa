"""The judge of support: each signal tells its fault, the fit does what it says, the real judge agrees as measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from eval.citations import Source
from eval.signals import signals
from eval.support import SupportJudge, weights
from eval.support_fit import Agreement, agreement, fit, fit_labels, measure, read_labels
from library.encoder import BatchProgress
from tests.fakes import FakeEncoder

QUOTE = "石岭市今年力争新增孵化器4家，总数达到28家；研发投入增长12%以上，登记额突破110亿元。"
OLD = "经核定，石岭市2024年研发投入强度为2.91%。目标由700家调整为730家。局长孟昭文介绍，两家省级实验室没有通过评估。"
CONTEXT = "石岭部署科技工作\n石岭市\n2025年3月18日"


def signal(name: str, claim: str, quote: str = QUOTE) -> float:
    return signals(claim, [quote], CONTEXT, FakeEncoder().passages)[name]


@pytest.mark.parametrize(
    ("name", "quote", "wrong", "right"),
    [
        ("figures_missing", QUOTE, "登记额力争突破120亿元。", "登记额力争突破110亿元。"),
        ("figures_missing", QUOTE, "Contracts to exceed RMB 110 billion.", "Contracts to exceed RMB 11 billion."),
        ("figures_missing", QUOTE, "石岭市18家孵化器。", "3月18日，石岭市提出新增孵化器4家。"),
        ("small_missing", QUOTE, "Shiling adds three incubators.", "Shiling adds four incubators."),
        ("bound_differs", QUOTE, "R&D spending grows by at most 12%.", "R&D spending grows by at least 12%."),
        ("bound_differs", QUOTE, "登记额不超过110亿元。", "登记额超过110亿元。"),
        ("new_or_total", QUOTE, "新增孵化器28家。", "孵化器总数28家。"),
        ("new_or_total", QUOTE, "孵化器总数为4家。", "新增孵化器4家。"),
        ("swapped", QUOTE, "新增孵化器28家。", "总数达到28家。"),
        ("year_differs", OLD, "石岭2025年研发投入强度为2.91%。", "石岭2024年研发投入强度为2.91%。"),
        ("superseded", OLD, "目标为700家。", "目标由700家改为730家。"),
        ("superseded", OLD, "The target is 700.", "The target was raised from 700 to 730."),
        ("done_for_plan", QUOTE, "石岭市新增了孵化器4家。", "石岭市力争新增孵化器4家。"),
        ("done_for_plan", QUOTE, "Shiling has added 4 incubators.", "Shiling aims to add 4 incubators."),
        ("plan_for_done", "石岭市引进博士317人。", "石岭计划引进博士317人。", "石岭引进了博士317人。"),
        ("denial", "石岭市引进博士317人。", "石岭没有引进博士。", "石岭引进博士317人。"),
        ("all", OLD, "所有实验室都没有通过评估。", "两家实验室没有通过评估。"),
        ("direction", OLD, "The target was cut to 730.", "The target was changed to 730."),
        ("level", OLD, "两家国家级实验室没有通过评估。", "两家省级实验室没有通过评估。"),
        ("name_missing", OLD, "局长孟昭武介绍了情况。", "局长孟昭文介绍了情况。"),
        ("name_missing", OLD, "Director Meng Zhaowu spoke.", "Director Meng Zhaowen spoke."),
        ("name_missing", OLD, "Huizhou has two laboratories.", "The city has two laboratories."),
        ("foreign_words", QUOTE, "石岭市将补贴高校食堂。", "石岭市将新增孵化器。"),
        ("longest_foreign", QUOTE, "石岭市孵化器租金全免三年。", "石岭市孵化器总数28家。"),
    ],
)  # fmt: skip
def test_a_signal_tells_its_fault_and_is_silent_without(name: str, quote: str, wrong: str, right: str) -> None:
    assert signal(name, wrong, quote) > 0
    assert signal(name, right, quote) == 0


def test_traditional_characters_and_aliases_are_the_same() -> None:
    quote = "石岭市有高新技术企业738家。"
    assert signal("longest_foreign", "石嶺市有高企738家。", quote) == 0


def test_nothing_bears_nothing() -> None:
    judge = SupportJudge(FakeEncoder())
    for claim, quotes in (("", [QUOTE]), ("新增4家。", []), ("新增4家。", [" ", "。"]), ("……", [QUOTE])):
        assert judge.judge(claim, quotes).supported is False
    assert judge("新增4家。", [Source("", "title")]) is False


def test_a_judgement_says_what_spoke_against() -> None:
    judgement = SupportJudge(FakeEncoder()).judge("登记额不超过110亿元，研发投入增长15%。", [QUOTE], CONTEXT)
    assert not judgement.supported and judgement.probability < 0.5
    assert {"bound differs", "figures missing"} <= set(judgement.reason.split(", "))
    assert "year differs" not in judgement.reason


def test_weights_have_every_signal_and_speak_the_way_they_may() -> None:
    measured = signals("新增4家。", [QUOTE], "", FakeEncoder().passages)
    assert set(weights()) == {"bias", *measured}
    assert all(weights()[name] <= 0 for name in measured if not name.startswith(("cosine", "english")))
    assert all(weights()[name] >= 0 for name in measured if name.startswith("cosine"))


def test_fitting_learns_what_tells_and_nothing_against_its_sign() -> None:
    rows = [{"fault": float(i % 2), "noise": float(i % 3 == 0), "cosine_zh": -float(i % 2)} for i in range(60)]
    fitted = fit(rows, [i % 2 == 0 for i in range(60)])
    assert fitted["fault"] < -1 and fitted["cosine_zh"] > 1 and abs(fitted["noise"]) < 0.2
    reversed_ = fit(rows, [i % 2 == 1 for i in range(60)])
    assert (reversed_["fault"], reversed_["cosine_zh"]) == (0, 0)


def test_agreement_counts_and_discounts_chance() -> None:
    # Cohen's own figures of accuracy and chance: .7 and .5 give .4.
    counted = Agreement(both_yes=20, only_label=5, only_judge=10, both_no=15)
    assert (counted.n, counted.accuracy) == (50, 0.7) and counted.kappa == pytest.approx(0.4)
    labels = read_labels()[:6]
    perfect = agreement(labels, [b.supported for b in labels])
    assert (perfect.accuracy, perfect.kappa, perfect.only_judge) == (1, 1, 0)


class CountingEncoder(FakeEncoder):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str], progress: BatchProgress | None = None) -> Any:
        self.asked += texts
        return super().passages(texts, progress)


def test_reading_ahead_encodes_everything_once_and_changes_nothing() -> None:
    encoder = CountingEncoder()
    ahead, claims = SupportJudge(encoder), ["新增4家。", "Shiling adds 28 incubators.", "登记额突破110亿元。"]
    ahead.read_ahead((claim, [Source(QUOTE, CONTEXT)]) for claim in claims)
    read = len(encoder.asked)
    late = [SupportJudge(FakeEncoder()).judge(claim, [QUOTE], CONTEXT) for claim in claims]
    assert [ahead.judge(claim, [QUOTE], CONTEXT) for claim in claims] == late
    assert len(encoder.asked) == read == len(set(encoder.asked)) > 0


@pytest.mark.models
def test_the_judge_agrees_with_the_held_half_as_was_measured() -> None:
    judge, labels = SupportJudge(), read_labels()
    judge.read_ahead((b.claim, b.sources) for b in labels)
    for language, kappa in ((("zh", "en"), 0.45), (("zh",), 0.44), (("en",), 0.44)):
        measured = measure(judge, [b for b in labels if b.half == "held" and b.language in language])
        assert measured.accuracy >= 0.72 and measured.kappa >= kappa, measured
    fitted = fit_labels(judge)
    assert json.loads(json.dumps(fitted)) == pytest.approx(weights(), abs=0.02)
