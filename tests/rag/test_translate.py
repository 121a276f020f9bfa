from __future__ import annotations

import pytest

from rag.english import key_words
from rag.translate import (
    check_translation,
    render_figures,
    translate_headline,
    translate_question,
    translate_sentence,
    translate_text,
)
from rag.translate.rendering import fold, render
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
    done = translate_sentence(ZH, model.queue(wrong, wrong, wrong))
    assert done.numbers == "mismatch"
    assert any("figure missing: 80亿元" in flag for flag in done.flags)


def test_what_was_left_out_is_asked_for(model: ScriptedModel) -> None:
    without = GOOD.replace("RMB 8 billion", "much")
    done = translate_sentence(ZH, model.queue(without, without, GOOD))
    assert not done.flags and done.en == GOOD
    assert "80亿元 = RMB 8 billion" in model.prompts[2][-1][1]


@pytest.mark.parametrize(
    ("zh", "en", "flag"),
    [
        ("截至4日凌晨，两处断路。", "As of Thursday (April 4th), two roads were blocked.", "April"),
        ("截至4日凌晨，两处断路。", "As of Thursday the 4th, two roads were blocked.", "Thursday"),
        ("高温在30~33℃左右。", "The high is about 30 to 33 degrees.", ""),
        ("占比在56%~95%之间。", "The share is between 56% and 95%.", ""),
        ("表带Watch 6有两种尺寸。", "Watch 6 comes in two sizes.", ""),
        ("双班由7000元调整为6800元。", "The double shift went from RMB 7,000 to RMB 6,800.", ""),
        ("现货白银下跌8元。", "Spot silver fell by RMB 8.", ""),
        ("白银市有8家。", "The city has 8.", "name missing"),
        ("热线027-86777777全天开通。", "The hotline 027-86777777 is open all day.", ""),
    ],
)
def test_days_ranges_and_names_are_told_from_figures(zh: str, en: str, flag: str) -> None:
    flags = " ".join(check_translation(zh, en))
    assert (flag in flags) if flag else not flags


def test_a_year_that_was_added_is_taken_out(model: ScriptedModel) -> None:
    done = translate_sentence("8月7日，全市新增8家。", model.queue("On August 7, 2023, the city added 8."))
    assert done.en == "On August 7 the city added 8." and not done.flags


def test_a_name_that_is_withheld_is_romanised(model: ScriptedModel) -> None:
    translate_sentence("张某某获得8项专利。", model.queue("Zhang Moumou got 8 patents."))
    assert "Zhang  Moumou" in model.prompts[0][-1][1] and "某公司" not in model.prompts[0][-1][1]


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


@pytest.mark.parametrize(
    ("zh", "right", "wrong"),
    [
        ("谋划“十四五”科技发展。", "Plan science for the 14th Five-Year Plan.", "Plan for the 15th Five-Year Plan."),
        ("贯彻第二十次代表大会精神。", "Follow the 20th congress.", "Follow the 19th congress."),
        ("两家公司被罚1万元。", "Both companies were fined RMB 10,000.", "Three companies were fined RMB 10,000."),
        ("当日22时后仍在施工。", "Work went on after 22:00 that day.", "Work went on after 23:00 that day."),
    ],
)
def test_plans_sessions_pairs_and_hours_are_checked(zh: str, right: str, wrong: str) -> None:
    assert not check_translation(zh, right)
    assert any(flag.startswith("figure") for flag in check_translation(zh, wrong))


def test_dates_and_plans_are_put_in_as_prose_has_them(model: ScriptedModel) -> None:
    model.queue("The 14th Five-Year Plan was discussed on 3 August 2023.")
    (made,) = translate_text("2023年8月3日，讨论“十四五”规划。", model)
    assert made.flags == ()
    asked = model.prompts[0][-1][1]
    assert "3 August 2023" in asked and "the 14th Five-Year Plan" in asked


def test_an_official_term_rendered_otherwise_is_put_in_place_then_flagged(model: ScriptedModel) -> None:
    model.queue("More technology deals.", "More contracts.", "Still more.")
    (made,) = translate_text("发展新质生产力要靠创新。", model)
    assert any(flag.startswith("term differs: 新质生产力") for flag in made.flags)
    assert "new quality productive forces" in model.prompts[1][-1][1].split("{")[0]


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("贯彻党的十九届五中全会精神", "the fifth plenary session of the 19th CPC Central Committee"),
        ("学习党的二十大报告", "the 20th CPC National Congress"),
        ("积极引进广深、港澳创新资源", "Hong Kong and Macao"),
        ("推动7个千亿级园区申报", "seven 千亿级"),
        ("主动对接广深港澳科技创新走廊", "广深港澳科技创新走廊"),
    ],
)
def test_sessions_regions_and_counts_before_figures_are_handed_over_in_english(zh: str, en: str) -> None:
    assert en in render(fold(zh), {})


def test_a_plan_that_nobody_named_is_flagged() -> None:
    said = "They studied the spirit of the 19th Five-Year Plan."
    assert "term added: Five-Year Plan" in check_translation("学习党的十九届五中全会精神。", said)
    assert not check_translation("学习“十四五”规划。", "They studied the 14th Five-Year Plan.")


def test_a_headline_is_asked_for_as_one_and_as_a_sentence_where_it_fails(model: ScriptedModel) -> None:
    done = translate_headline("青石市力争高企达800家", model.queue("Qingshi Aims for 800 High-Tech Enterprises"))
    assert done.en == "Qingshi Aims for 800 High-Tech Enterprises" and "headline" in model.prompts[0][0][1]
    wrong = "Qingshi Aims for 80 High-Tech Enterprises"
    again = translate_headline(
        "青石市力争高企达800家", model.queue(wrong, "Qingshi aims for 800 high-tech enterprises.")
    )
    assert again.numbers == "ok" and "800" in again.en


def test_a_university_named_as_it_names_itself_is_no_city_and_a_zone_keeps_its_name() -> None:
    zh = "加强与暨南大学的对接，支持仲恺国家高新区。"
    assert not check_translation(zh, "Strengthen ties with Jinan University and support the Zhongkai High-tech Zone.")
    flags = check_translation(zh, "Strengthen ties with Nanjing University and support the Maicheng High-tech Zone.")
    assert "name added: Nanjing" in flags and any("仲恺高新区" in flag for flag in flags)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("8月2日中午启动预案。", "The plan was launched at 12:00 PM on August 2."),
        ("百公里油耗为5.67升。", "It takes 5.67 litres per hundred kilometres."),
        ("公司可以全天候运营。", "The company may operate 24/7."),
        ("2023年1-6月销售额下降49%。", "In the first half of 2023 sales fell by 49%."),
        ("上证指数跌7.51%。", "The Shanghai index fell by 7.51%."),
    ],
)
def test_usual_english_for_times_and_measures_is_no_added_figure(zh: str, en: str) -> None:
    assert check_translation(zh, en) == []


def test_an_age_that_was_none_is_flagged_and_an_identifier_stays_as_it_is() -> None:
    assert "figure added: 1-year-old" in check_translation("1小时前患者触电。", "The 1-year-old patient got a shock.")
    assert check_translation("53岁男子被判刑。", "A 53-year-old man was sentenced.") == []
    assert render_figures("输入id：39484957后回车") == "输入id：39484957后回车"


def test_a_question_whose_words_were_lost_is_put_into_chinese_once_more(model: ScriptedModel) -> None:
    model.queue("肯雅的赞美诗叫什么？", "肯尼亚的赞美诗叫什么？")
    assert (
        translate_question("What is Kenya's hymn called?", model, [], {"Kenya": "肯尼亚"}) == "肯尼亚的赞美诗叫什么？"
    )
    assert len(model.prompts[1]) < len(model.prompts[0])  # with one example


def test_a_question_that_came_out_as_a_statement_is_asked_for_with_labels(model: ScriptedModel) -> None:
    model.queue("海洋实验室是关键实验室。", "支撑海洋经济的是哪个实验室？")
    assert (
        translate_question("Which laboratory underpins the marine economy?", model, [])
        == "支撑海洋经济的是哪个实验室？"
    )
    assert model.prompts[1][-1][1].startswith("英文：") and model.prompts[1][-1][1].endswith("中文问句：")


def test_who_asks_by_how_much_something_grew_is_not_understood_to_ask_for_a_share(model: ScriptedModel) -> None:
    model.queue("高技术制造业利用外资的占比是多少？", "高技术制造业利用外资增长了百分之几？")
    question = "By what percentage did foreign investment in 高技术制造业 rise?"
    assert translate_question(question, model, []) == "高技术制造业利用外资增长了百分之几？"
    assert "占比" not in model.prompts[0][-1][1]


def test_who_asks_which_is_not_understood_to_ask_whether(model: ScriptedModel) -> None:
    model.queue("有企业使用新材料制造发动机吗？", "哪家企业使用新材料制造发动机？")
    zh = translate_question("Which company makes engines of new materials?", model, ())
    assert zh == "哪家企业使用新材料制造发动机？"


def test_common_english_words_that_a_question_kept_are_left_out_and_terms_stay(model: ScriptedModel) -> None:
    model.queue(*["2025年的 revised目标是什么？"] * 3, "ctenophore在希腊语中是什么意思？", *["What?"] * 2)
    assert translate_question("What is the revised target?", model, []) == "2025年的目标是什么？"
    assert translate_question("What does ctenophore mean?", model, []) == "ctenophore在希腊语中是什么意思？"


@pytest.mark.parametrize(
    ("zh", "question", "keys"),
    [
        ("华沙是多元文化的城市。", "华沙是什么样的城市？", ["多元文化"]),
        ("全市高企突破400家。", "有多少企业？", []),  # answered with a figure
    ],
)
def test_a_short_answer_with_one_thing_has_it_in_chinese_beside(zh: str, question: str, keys: list[str]) -> None:
    assert key_words(zh, question) == keys


@pytest.mark.parametrize(
    ("question", "zh"),
    [
        ("What is Jiangmen's target for high-tech enterprises?", "江门市的高新技术企业目标是多少？"),
        ("How many high-tech enterprises does Jiangmen aim to have in 2024?", "江门市2024年的高新技术企业目标是多少？"),
    ],
)
def test_a_question_for_a_target_is_put_into_chinese_without_the_model(
    model: ScriptedModel, question: str, zh: str
) -> None:
    assert translate_question(question, model, ["江门"]) == zh
    assert not model.prompts


def test_a_year_in_a_question_stays_a_year(model: ScriptedModel) -> None:
    model.queue("2025科技券和2025年的会问的是什么？")
    zh = translate_question("What was asked by the vouchers of 2025?", model, [])
    assert zh == "2025年科技券和2025年的会问的是什么？"


def test_dates_and_scaled_figures_of_a_question_are_handed_over_in_chinese(model: ScriptedModel) -> None:
    question = (
        "What was the output of the park in the first three quarters of 2025, and when does it pass RMB 20 billion?"
    )
    good = "园区2025年前三季度的产值是多少，何时突破200亿元？"
    assert translate_question(question, model.queue("园区第一季度的产值是多少，何时突破20亿元？", good), []) == good
    assert "2025年前三季度" in model.prompts[0][-1][1] and "200亿元" in model.prompts[0][-1][1]


@pytest.mark.parametrize(
    ("question", "zh"),
    [
        (
            "Is Suizhou's R&D spending growth target for 2025 higher than Jiangmen's, and by how much?",
            "2025年随州和江门的研发投入增长目标各是多少？",
        ),
        (
            "Is Suizhou's 2026 target for technology SMEs above Jiangmen's 2025 one? By how many?",
            "随州（2026年）和江门（2025年）的科技型中小企业目标各是多少？",
        ),
    ],
)
def test_two_cities_targets_are_asked_for_without_the_model(question: str, zh: str, model: ScriptedModel) -> None:
    assert translate_question(question, model, ["随州", "江门"]) == zh


@pytest.mark.parametrize(
    "question",
    [
        "How do Suizhou's and Jiangmen's targets for technology SMEs of last year compare?",
        "Who set the target for technology SMEs in Suizhou and Jiangmen?",
        "Are Suizhou and Jiangmen above or below their target for technology SMEs?",
        "How many events does the second half of the project in Suizhou and Jiangmen have?",
    ],
)
def test_what_asks_more_goes_to_the_model(question: str, model: ScriptedModel) -> None:
    asked = "随州和江门的科技型中小企业项目目标如何，有多少项活动，谁定的？"
    assert translate_question(question, model.queue(asked), ["随州", "江门"]) == asked
    assert "下半年" not in model.prompts[0][-1][1]
