from __future__ import annotations

from importlib.resources import files

import pytest

from lang.glossary import expand, find_terms, terms


def _lines() -> list[str]:
    return files("lang").joinpath("terms.tsv").read_text("utf-8").splitlines()


def _rows() -> list[str]:
    return [line for line in _lines() if line.strip() and not line.startswith(("#", "!"))]


def _sources() -> set[str]:
    return {line.split("\t")[0].removeprefix("#").strip() for line in _lines() if line.startswith("#   ")}


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row.split("\t")[0])
def test_the_file_is_well_formed(row: str) -> None:
    cells = row.split("\t")
    assert len(cells) == 5
    assert cells[4] in _sources()
    assert cells[0]
    assert cells[1]
    assert all(cell == cell.strip() for cell in cells)
    for cell in cells[2:4]:
        variants = cell.split("|") if cell else []
        assert all(v == v.strip() and v for v in variants)
        assert len(set(variants)) == len(variants)
        assert cells[0] not in variants


def test_no_term_stands_twice() -> None:
    names = [term.zh for term in terms()]
    assert len(names) == len(_rows())
    assert sorted(names) == sorted(set(names))


def test_the_field_is_covered() -> None:
    assert len(terms()) >= 300
    assert sum(term.source not in ("own", "dict", "tech") for term in terms()) >= 250


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("提高企业创新能力", "高新技术企业"), ("皮肤科副主任医师应邀义诊", "副主任"),
        ("科学技术部分共三章", "科学技术部"),
        ("要做精细化工作", "精细化工"), ("提高校准精度", "高校"), ("重离子加速器建成", "科技企业加速器"),
    ],
)  # fmt: skip
def test_no_term_stands_inside_another_word(text: str, zh: str) -> None:
    assert zh not in [term.zh for term in find_terms(text)]


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
