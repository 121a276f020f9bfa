from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lang.bureaus import find_bureaus, is_body, main_bureau
from lang.people import find_officials, find_people, is_name, romanize


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("近日，市科技局党组书记、局长沈知远主持召开会议。", [("沈知远", "市科技局党组书记、局长")]),
        ("记者采访了市科技局局长沈知远。", [("沈知远", "市科技局局长")]),
        ("会议由云川市科技局局长沈知远主持", [("沈知远", "云川市科技局局长")]),
        ("局长沈知远讲话，党组成员、副局长罗静姝主持。", [("沈知远", "局长"), ("罗静姝", "党组成员、副局长")]),
        ("市科技局局长沈知远:要用好平台。", [("沈知远", "市科技局局长")]),
        ("副局长罗静姝到会。市科技局副局长罗静姝说", [("罗静姝", "市科技局副局长")]),
        ("校长李明对记者说", [("李明", "校长")]),
        ("区委书记汤辉来到社区", [("汤辉", "区委书记")]),
        ("市应急管理局一级调研员沈知远表示", [("沈知远", "市应急管理局一级调研员")]),
        ("欢迎云川大学教授欧阳明远", [("欧阳明远", "云川大学教授")]),
    ],
)
def test_people_stand_after_their_office(text: str, found: list[tuple[str, str]]) -> None:
    assert [tuple(official) for official in find_officials(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "会长单位出席会议",
        "前主任都表示，要看数据",
        "教授应邀出席",
        "发言人曾回应表示",
        "分析师曾预计，需求回升",
        "总书记关于党的建设的重要思想",
        "总统和你的领导下",
        "首相安德烈·彼得说",
        "局长是谁？",
        "本报记者王五报道",
        "",
    ],
)
def test_no_person(text: str) -> None:
    assert find_officials(text) == []


@given(st.text(st.sampled_from("市科技局局长副书记主任、，王李和都白玉涛表示说 \n·某"), max_size=60))
def test_a_person_and_the_office_stand_in_the_text(text: str) -> None:
    for name, office in find_officials(text):
        assert is_name(name)
        assert name in text
        assert office in text


@pytest.mark.parametrize("name", ["沈知远", "白露", "欧阳明远"])
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("word", ["谢谢您", "科技", "项目", "他们", "沈", "沈知远近", "和你", ""])
def test_words_are_no_names(word: str) -> None:
    assert not is_name(word)


def test_speakers_and_pinyin() -> None:
    assert find_people("副局长罗静姝主持，沈知远表示") == ["罗静姝", "沈知远"]
    assert romanize("罗静姝") == "Luo Jingshu"


@pytest.mark.parametrize(
    ("text", "city", "bureau"),
    [
        ("市科技局召开会议", "江门", "江门市科技局"),
        ("市科技局召开会议", "", ""),
        ("近日江门市科技局召开会议", "", "江门市科技局"),
        ("云川市科学技术局召开会议，市财政局参加，云川市科学技术局局长讲话", "云川", "云川市科学技术局"),
        ("记者从市科技局获悉", "江门", "江门市科技局"),
        ("省科技厅召开会议", "江门", ""),
    ],
)
def test_the_body_that_a_text_is_about(text: str, city: str, bureau: str) -> None:
    assert main_bureau(text, city) == bureau


def test_bodies() -> None:
    assert find_bureaus("，松溪县科技局和市教育局", "云川") == ["松溪县科技局", "云川市教育局"]
    assert is_body("云川市科学技术局") and is_body("云川高新区管委会") and not is_body("云川市召开会议")
