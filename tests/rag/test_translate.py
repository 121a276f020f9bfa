from __future__ import annotations

import pytest

from rag.translate import check_translation, render_figures, translate_sentence, translate_text
from tests.fakes import ScriptedModel

ZH = "力争全年技术合同登记额达80亿元，转化成果40项以上。"
GOOD = "The city aims for registered technology contracts of RMB 8 billion and at least 40 results put to use."


def test_figures_stand_in_the_sentence_in_english() -> None:
    assert render_figures(ZH) == "力争全年技术合同登记额达 RMB 8 billion ，转化成果 at least 40 。"


def test_a_good_translation_passes(model: ScriptedModel) -> None:
    done = translate_sentence(ZH, model.queue(GOOD))
    assert (done.en, done.numbers, done.flags) == (GOOD, "ok", ())
    assert "技术合同登记额 = value of registered technology contracts" in model.prompts[0][-1][1]


def test_a_bad_one_is_tried_again(model: ScriptedModel) -> None:
    assert translate_sentence(ZH, model.queue(GOOD.replace("8 billion", "80 billion"), GOOD)).flags == ()
    assert len(model.prompts) == 2


def test_what_stays_bad_is_flagged(model: ScriptedModel) -> None:
    wrong = GOOD.replace("8 billion", "80 billion")
    done = translate_sentence(ZH, model.queue(wrong, wrong))
    assert done.numbers == "mismatch"
    assert any("figure missing: 80亿元" in flag for flag in done.flags)


@pytest.mark.parametrize(
    ("en", "flag"),
    [
        ("", "nothing"),
        (GOOD + " Also 99 parks.", "figure added: 99"),
        (GOOD + " 科技", "left in Chinese: 科技"),
        (GOOD.replace("of RMB", "of more than RMB"), "bound differs: 80亿元"),
        (GOOD + " He Ping said so.", "a speaker was added"),
        (GOOD + " Shantou follows.", "name added: Shantou"),
        ("OK 40, RMB 8 billion" + "!" * 400, "length"),
    ],
)
def test_each_check_catches_its_fault(en: str, flag: str) -> None:
    assert any(flag in found for found in check_translation(ZH, en))


def test_text_goes_sentence_by_sentence(model: ScriptedModel) -> None:
    seen: list[tuple[int, int]] = []
    done = translate_text(
        "这句话在这里说完。\n那句话在那里说完。",
        model.queue("This is said here.", "That is said there."),
        lambda *p: seen.append(p),
    )
    assert [t.zh for t in done] == ["这句话在这里说完。", "那句话在那里说完。"]
    assert seen == [(1, 2), (2, 2)]


def test_the_number_of_an_item_is_not_translated(model: ScriptedModel) -> None:
    done = translate_sentence("二是推进平台建设。", model.queue("Platforms are to be built."))
    assert (done.zh, done.flags) == ("二是推进平台建设。", ())
    assert model.prompts[0][-1][1].startswith("推进平台建设。")


@pytest.mark.parametrize(
    ("zh", "right", "wrong"),
    [
        ("上世纪九十年代建成。", "It was built in the 1990s.", "It was built in the 1980s."),
        ("研究始于20世纪70年代。", "Research began in the 1970s.", "Research began in 1973."),
        (
            "近十年来设备更新了三次。",
            "Over the last decade it was renewed three times.",
            "Over two decades, thrice.",
        ),
        ("四音符的旋律仍在使用。", "The four-note tune is still used.", "The five-note tune is still used."),
        ("申报至6月13日17时止。", "Apply by 5:00 p.m. on 13 June.", "Apply by 6 p.m. on 13 June."),
        ("下午5时前报名。", "Sign up by 5 p.m.", "Sign up by 6 p.m."),
        ("上午9时30分开会。", "The meeting is at 9:30 AM.", "The meeting is at 9:45 AM."),
        ("2016级新生已经入学。", "The class of 2016 has started.", "The class of 2017 has started."),
    ],
)
def test_decades_and_numerals_in_words_are_read_in_both_languages(zh: str, right: str, wrong: str) -> None:
    assert not [flag for flag in check_translation(zh, right) if flag.startswith("figure")]
    assert [flag for flag in check_translation(zh, wrong) if flag.startswith("figure")]


def test_a_class_of_a_year_is_no_figure_to_render() -> None:
    assert render_figures("2016级新生3000名。") == "2016级新生 3,000 people 。"
