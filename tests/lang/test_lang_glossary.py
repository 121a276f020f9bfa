from __future__ import annotations

from importlib.resources import files

import pytest

from lang.glossary import expand, find_terms, terms


def _rows() -> list[str]:
    lines = files("lang").joinpath("terms.tsv").read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.split("\t")[0])
def test_the_file_is_well_formed(row: str) -> None:
    cells = row.split("\t")
    assert 2 <= len(cells) <= 4
    assert cells[0]
    assert cells[1]
    assert all(cell == cell.strip() for cell in cells)
    for cell in cells[2:]:
        variants = cell.split("|") if cell else []
        assert all(v == v.strip() and v for v in variants)
        assert len(set(variants)) == len(variants)
        assert cells[0] not in variants


def test_no_term_stands_twice() -> None:
    names = [term.zh for term in terms()]
    assert len(names) == len(_rows())
    assert sorted(names) == sorted(set(names))


def test_no_chinese_form_belongs_to_two_terms() -> None:
    forms = [form for term in terms() for form in term.zh_forms]
    assert sorted(forms) == sorted(set(forms))


def test_the_longest_term_wins_and_none_stands_in_another() -> None:
    assert [t.zh for t in find_terms("高企存量")] == ["高企存量"]
    assert [t.zh for t in find_terms("高企")] == ["高新技术企业"]


def test_english_terms_stand_as_words() -> None:
    assert [t.zh for t in find_terms("HIGH-TECH ENTERPRISES in the city")] == ["高新技术企业"]
    assert find_terms("the gross domestic item") == []
    assert "研发投入" in [t.zh for t in find_terms("spending on R&D")]


def test_a_term_is_found_once() -> None:
    assert [t.zh for t in find_terms("高企、高企和高新技术企业")] == ["高新技术企业"]


def test_a_question_is_widened_by_other_names() -> None:
    assert "高新技术企业" in expand("江门有多少高企？")
    assert "高新技术企业" in expand("How many high-tech enterprises are there?")
    assert {"高新技术企业", "高新技术企业存量"} <= set(expand("高企存量"))
    assert "高企" not in expand("江门有多少高企？")
    assert expand("今天天气") == []
