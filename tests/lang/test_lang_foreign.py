from __future__ import annotations

import pytest

from lang.foreign import english_names, foreign_names

PAGE = "科尔尼大道的工厂在弗雷斯诺。哈佛大学的研究者到过华沙，巴格达没有。大利能源也派人去了宾根。"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who runs the plant in Fresno?", {"Fresno": "弗雷斯诺"}),
        ("Who went from Harvard to Warsaw?", {"Harvard": "哈佛", "Warsaw": "华沙"}),
        ("When was Bingen visited?", {"Bingen": "宾根"}),  # of a g before e either sound
        ("Who built Kearney Boulevard?", {"Kearney": "科尔尼"}),
        ("Which seven schools has Doctor Smith?", {}),  # words, and a name that no page has
        ("What is the Tram?", {}),  # 大利能, by consonants alone
        ("who goes to baghdad?", {}),
    ],
)
def test_a_name_is_found_where_a_page_has_it(question: str, names: dict[str, str]) -> None:
    assert foreign_names(question, [PAGE]) == names


def test_nothing_is_found_in_no_page() -> None:
    assert foreign_names("Who runs the plant in Fresno?", []) == {}


@pytest.mark.parametrize("zh", ["平安的一年", "高明的办法", "推动高企发展", "全市力争突破400家"])
def test_words_are_no_names(zh: str) -> None:
    assert english_names(zh) == {}


def test_a_river_is_called_by_its_name_alone() -> None:
    assert foreign_names("How was the Rhine Gorge formed?", ["河谷的形成"]) == {"Rhine": "莱茵河"}
