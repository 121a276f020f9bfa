from __future__ import annotations

from importlib.resources import files

import pytest

from lang.cities import cities, english_name, find_cities, main_city


def test_the_file_is_well_formed() -> None:
    lines = files("lang").joinpath("cities.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 3 and all(cell and cell == cell.strip() for cell in row) for row in rows)
    names = [row[0] for row in rows]
    assert sorted(names) == sorted(set(names)) == sorted(cities())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("江门市和随州市的目标", ["江门", "随州"]),
        ("Compare SUIZHOU with Jiangmen.", ["随州", "江门"]),
        ("Suizhou (随州)", ["随州"]),
        ("unsuizhounded", []),
        ("", []),
    ],
)
def test_cities_are_found_in_either_language(text: str, found: list[str]) -> None:
    assert find_cities(text) == found


def test_further_cities_can_be_named() -> None:
    assert find_cities("云川 and Yunchuan") == []
    assert find_cities("云川 and Yunchuan", ("云川",)) == ["云川"]
    assert english_name("云川") == "Yunchuan"


@pytest.mark.parametrize(
    ("text", "title", "city"),
    [
        ("全文没有别的地名。", "江门市召开科技工作会议", "江门"),
        ("云川市科技局局长在云川市说，云川的企业和云川的园区。", "", "云川"),
        ("深圳一次。江门、江门、江门。", "", "江门"),
        ("江门同深圳、广州、佛山、东莞合作。", "", ""),
        ("近日市科技局召开会议。", "", ""),
    ],
)
def test_a_page_is_about_the_city_that_stands_out(text: str, title: str, city: str) -> None:
    assert main_city(text, title) == city


@pytest.mark.parametrize(
    ("text", "found"), [("to Jiangmen", ["江门"]), ("in Jiang", []), ("去江门", ["江门"]), ("江", [])]
)
def test_a_name_may_stand_at_the_very_end(text: str, found: list[str]) -> None:
    assert find_cities(text) == found
