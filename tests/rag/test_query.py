from __future__ import annotations

from dataclasses import replace

import pytest

from library import Library
from rag.items import asked_number
from rag.query import Query, mentioned_cities, published_between, understand
from rag.wording import has_all_figures, has_asked_figure, key_words


def _read(question: str, shelf: Library | None = None, translated: str = "") -> Query:
    return understand(question, shelf, translated)


@pytest.mark.parametrize(
    ("question", "demanded"),
    [
        ("How many joint projects does Jiangmen plan with Jinan University?", ("江门",)),
        ("Which incubator does Jiangmen open to Hong Kong and Macao?", ("江门",)),
        ("What does the Guangzhou-Shenzhen-Hong Kong-Macao corridor pass?", ()),
        ("What is Shenzhen's target for high-tech enterprises?", ("深圳",)),
        ("Which lab did Hong Kong University of Science and Technology open in Huizhou?", ("惠州",)),
        ("Who runs the University of Shanghai?", ()),
        ("Does Suizhou plan a university?", ("随州",)),
        ("Which lab did Chen Jining visit in Shanghai?", ("上海",)),
        ("Whom did Chen Jining visit?", ()),
        ("深圳大学与江门市合作什么？", ("江门",)),
        ("江门双碳实验室由谁牵头？", ()),
        ("江门重点实验室有几家？", ("江门",)),
        ("汕尾哪个实验室支撑海洋产业？", ("汕尾",)),
        ("江门有几所大学？", ("江门",)),
        ("惠州向深圳借什么力？", ("惠州",)),
        ("成都重庆双城经济圈有什么计划？", ()),
        ("孙中山的学说是什么？", ()),
        ("粤港澳大湾区有什么规划？", ()),
    ],
)
def test_only_the_city_that_a_question_is_about_is_demanded(question: str, demanded: tuple[str, ...]) -> None:
    assert _read(question).cities == demanded


def test_a_city_that_is_only_mentioned_is_known_as_such() -> None:
    query = _read("What serves Huizhou as a bridgehead for resources from Shenzhen?")
    assert (query.cities, query.mentioned) == (("惠州",), ("惠州", "深圳"))
    assert mentioned_cities("Jinan University in Guangzhou") == ["广州"]


def test_a_city_of_the_shelf_is_known_without_a_list(library: Library) -> None:
    from tests.fakes import shelved

    assert _read("云川的目标", library).cities == ()
    library.add([shelved("a.txt", "云川市的目标是八家。", city="云川")])
    assert _read("云川的目标", library).cities == ("云川",)


@pytest.mark.parametrize(
    ("question", "cities"),
    [
        ("Which city aims for the most high-tech enterprises?", ()),
        ("哪个城市的高企目标最多？", ()),
        ("各市的研发投入目标是多少？", ()),
        ("Compare Jiangmen and Suizhou by their targets.", ("江门", "随州")),
        ("江门和随州的高企目标各是多少？", ("江门", "随州")),
        ("Is Jiangmen's target higher than that of Suizhou?", ("江门", "随州")),
        ("What were the targets of Suizhou and Huizhou?", ("随州", "惠州")),
    ],
)
def test_a_question_over_several_cities_compares(question: str, cities: tuple[str, ...]) -> None:
    query = _read(question)
    assert query.compares
    assert query.cities == cities


@pytest.mark.parametrize(
    "question",
    [
        "江门的高企目标是多少？",
        "In which city is Suizhou setting up its centre?",
        "Which city's meeting does the speech build on?",
        "Does Jiangmen want more than 3,000 high-tech enterprises?",
        "What does Huizhou want from Shenzhen?",
        "公司在哪些城市设有中试平台？",
        "他在哪些地方建过孵化器？",
    ],
)
def test_a_question_about_one_city_does_not_compare(question: str) -> None:
    assert not _read(question).compares


@pytest.mark.parametrize(
    ("question", "wrong", "right"),
    [
        ("孵化器入驻率的底线是多少？", "新设孵化点3000平方米。", "入驻率不得低于六成。"),
        ("研发投入占比要达到多少？", "研发投入80亿元。", "投入占比达到3.2%。"),
        ("What share of firms have research institutes?", "有研发机构的企业300家。", "三分之一的企业有研发机构。"),
    ],
)
def test_who_asks_for_a_rate_is_not_told_a_size(question: str, wrong: str, right: str) -> None:
    query = _read(question)
    assert query.wants_unit == "share"
    assert has_asked_figure(query, right)
    assert not has_asked_figure(query, wrong)


@pytest.mark.parametrize(
    "question", ["研发投入强度要达到多少？", "What R&D spending as a share of the output is planned?"]
)
def test_who_asks_for_a_share_is_not_told_its_growth(question: str) -> None:
    query = _read(question)
    assert has_asked_figure(query, "研发投入强度达到3.1%。")
    assert not has_asked_figure(query, "研发投入增长20%以上。")
    assert has_asked_figure(_read("研发投入增长百分之几？"), "研发投入增长20%以上。")


@pytest.mark.parametrize(
    ("question", "date", "figure"),
    [
        ("报名截止到哪天？", True, False),
        ("截止2024年底，全市有多少家高企？", False, True),
        ("When was the laboratory founded?", True, False),
        ("When the mayor toured it, the institute was housed in which building?", False, False),
        ("What is the last day to sign up for the high-value patent competition?", True, False),
        ("What year-end target was set?", False, True),
    ],
)
def test_a_date_is_asked_for_or_a_figure(question: str, date: bool, figure: bool) -> None:
    query = _read(question)
    assert (query.wants_date, query.wants_figure) == (date, figure)


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("会上排出的“六大行动”，各叫什么？", True),
        ("作主旨报告的三位教授是谁？", True),
        ("For which three industries are bases planned?", True),
        ("三家企业合并后的名称由谁定？", False),
        ("What is the target?", False),
    ],
)
def test_several_things_are_asked_for(question: str, several: bool) -> None:
    assert _read(question).wants_list is several


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("那家全球知名车企叫什么？", {"全球", "知名", "车企"}),
        ("这项基金到底是哪一年设立的？", {"基金", "设立"}),
        ("全市一共有几类平台？", {"平台"}),
    ],
)
def test_how_a_question_points_and_asks_is_not_what_it_is_about(question: str, words: set[str]) -> None:
    assert {form for group in key_words(_read(question)) for form in group} == words


def test_the_year_has_one_end() -> None:
    assert frozenset({"年底", "年末", "岁末"}) in key_words(_read("年末有多少家？"))


def test_a_code_that_is_asked_for_is_no_figure() -> None:
    assert not _read("这条线路的编号是多少？").wants_figure
    assert _read("这条线路有多少座车站？").wants_figure


@pytest.mark.parametrize(
    "question",
    [
        "新增多少家孵化器，总数是多少？",
        "How many were added, and how many would that make?",
        "What number was added, and what share is that?",
        "两市的目标各是多少？",
    ],
)
def test_who_asks_for_two_figures_gets_two(question: str) -> None:
    query = _read(f"孵化器和高企：{question}" if "各是" in question else question)
    assert has_all_figures(query, "新增4家，总数达到28家。")
    assert not has_all_figures(query, "新增4家。")


def test_one_citys_part_of_a_comparison_wants_one_figure() -> None:
    query = _read("江门、随州两市的高企目标分别是多少？")
    assert not has_all_figures(query, "目标是3000家。")
    part = replace(query, zh="江门市的高企目标是多少？", cities=("江门",), compares=False)
    assert has_all_figures(part, "目标是3000家。")


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("2025年2月发布的通知说了什么？", ("2025-02-01", "2025-02-28")),
        ("2024年2月29日发布的通知", ("2024-02-29", "2024-02-29")),
        ("2024年以来发布的文件有哪些？", ("2024-01-01", "")),
        ("2024年以前报道的项目", ("", "2024-12-31")),
        ("What do articles published in March 2024 say?", ("2024-03-01", "2024-03-31")),
        ("Which news since 2025 speak of hydrogen?", ("2025-01-01", "")),
        ("2025年13月发布的通知", ("", "")),
        ("2023年2月29日发布的通知", ("", "")),
        ("江门2025年的目标是多少？", ("", "")),
        ("去年发布的通知说了什么？", ("", "")),
        ("今年的目标是多少？", ("", "")),
        ("What was the target in 2025?", ("", "")),
    ],
)
def test_only_a_date_of_publication_is_a_filter(question: str, dates: tuple[str, str]) -> None:
    assert published_between(question) == dates
    query = _read(question)
    assert (query.since, query.until) == dates


@pytest.mark.parametrize("name", ["高企", "HNTEs", "hi-tech enterprises", "high and new technology enterprises"])
def test_every_usual_name_leads_to_the_official_one(name: str) -> None:
    query = _read(f"江门有多少{name}？" if name == "高企" else f"How many {name} are there?")
    assert "高新技术企业" in query.lexical


def test_traditional_script_is_folded() -> None:
    assert _read("江門市的科小有多少家？").cities == ("江门",)
    assert "科技型中小企业" in _read("江門市的科小有多少家？").lexical


def test_what_a_model_translated_weighs_half() -> None:
    question = "Who invented paper?"
    assert _read(question, translated="谁发明了纸？").lexical_weight == 0.5
    assert _read("谁发明了纸？").lexical_weight == 1.0
    assert _read(question).lexical_weight < 0.5


@pytest.mark.parametrize(
    ("question", "bears", "lacks"),
    [
        ("孵化面积要达到多少？", "孵化面积达12万平方米。", "孵化器达到26家。"),
        ("What floor area does the incubator have?", "总面积4.2万㎡。", "孵化器达到26家。"),
        ("基金规模是多少亿元？", "首期规模80亿元。", "推动7个千亿级园区申报建设。"),
        ("全年登记额多少？", "登记额达80亿。", "登记项目300项。"),
        ("目标是多少家？", "突破400家。", "要再上台阶。"),
        ("高新区在全国排第几位？", "综合排名居全国第23位。", "7个园区争先进位。"),
    ],
)
def test_a_figure_answers_only_a_question_for_its_kind(question: str, bears: str, lacks: str) -> None:
    query = understand(question, None)
    assert has_asked_figure(query, bears) and not has_asked_figure(query, lacks)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("资助2000万元的是哪个项目？", ()),
        ("2025年创新券额度是多少？", ("2025",)),
        ("２０２４年的高企目标是多少？", ("2024",)),
        ("2024年引进2000名人才的是哪个市？", ("2024",)),
    ],
)
def test_an_amount_is_no_year(question: str, years: tuple[str, ...]) -> None:
    assert _read(question).years == years


@pytest.mark.parametrize(
    ("question", "figure", "unit"),
    [
        ("揭榜挂帅由哪几家高校牵头？", False, ""),
        ("这几项行动由谁牵头？", False, ""),
        ("全市有几座加氢站？", True, ""),
        ("财政资金支持了多少企业？", True, ""),
        ("财政资金安排了多少？", True, "money"),
        ("创新券资金几月拨付？", False, ""),
        ("What drove the growth of technology contracts?", False, ""),
        ("Which university leads the low-cost catalyst project?", False, ""),
        ("What growth rate does Suizhou aim for?", True, ""),
        ("研发投入强度排全省第几？", True, "rank"),
        ("电费占成本的多少？", True, "share"),
    ],
)
def test_a_number_is_demanded_where_one_is_asked_for(question: str, figure: bool, unit: str) -> None:
    query = _read(question)
    assert (query.wants_figure, query.wants_unit) == (figure, unit)


@pytest.mark.parametrize(
    ("question", "compares"),
    [
        ("随州和武汉共建的离岸科创中心在哪里？", False),
        ("随州和武汉的高企目标相差多少？", True),
        ("What cities aim for more than 400 high-tech enterprises?", True),
        ("有哪几个城市提出了高企目标？", True),
    ],
)
def test_cities_that_work_together_are_not_compared(question: str, compares: bool) -> None:
    assert _read(question).compares is compares


@pytest.mark.parametrize(
    ("question", "number"), [("六大行动是什么？", 6), ("第三项行动是什么？", 0), ("十二个项目分别是什么？", 0)]
)
def test_a_place_in_a_list_is_no_number_of_things(question: str, number: int) -> None:
    assert asked_number(question) == number
