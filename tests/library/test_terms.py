from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lang.glossary import find_terms, has_form, parse_terms, put_into_chinese, terms, use_own_terms
from lang.indicators import indicator_in_english
from library import Library, Settings
from library.errors import SettingsError
from library.terms import load_own_terms


@pytest.fixture(autouse=True)
def _kejians_own() -> Iterator[None]:
    yield
    use_own_terms(())


def test_own_terms_come_first_and_go_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text("# mine\n青云计划\tQingyun Scheme\t青云\tQingyun Plan\n高新技术企业\tHNTE\t高企\n", "utf-8-sig")
    load_own_terms(Settings(glossary=file))
    assert [(t.zh, t.en, t.source) for t in find_terms("实施青云计划")] == [("青云计划", "Qingyun Scheme", "user")]
    assert [t.en for t in find_terms("新增高企30家") if t.zh == "高新技术企业"] == ["HNTE"]
    assert put_into_chinese("the Qingyun Plan") == "the 青云计划"
    assert indicator_in_english("青云计划", "项") != ""
    load_own_terms(Settings())
    assert not [t for t in find_terms("实施青云计划") if t.source == "user"]


@pytest.mark.parametrize(("content", "told"), [("青云计划\n", "line 1 has no English"), ("\tScheme\n", "no Chinese")])
def test_a_line_that_is_no_term_is_named(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "mine.tsv"
    file.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=told):
        Library.open(tmp_path / "shelf", Settings(glossary=file))


def test_a_glossary_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.tsv"):
        load_own_terms(Settings(glossary=tmp_path / "nothing.tsv"))
    (tmp_path / "gbk.tsv").write_bytes("青云\tQingyun\n".encode("gbk"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_own_terms(Settings(glossary=tmp_path / "gbk.tsv"))


def test_a_short_form_does_not_stand_across_two_words() -> None:
    assert has_form("新增高企30家", "高企") and not has_form("提高企业创新能力", "高企")
    assert "高新技术企业" not in [t.zh for t in find_terms("提高企业创新能力")]
    assert [t.zh for t in find_terms("提高企业创新能力，高企达30家") if t.zh == "高新技术企业"]


def test_terms_are_parsed_with_their_source() -> None:
    (term,) = parse_terms("# head\n揭榜挂帅\topen competition\t揭榜制|张榜\t\tGWR\n")
    assert (term.zh_variants, term.en_variants, term.source) == (("揭榜制", "张榜"), (), "GWR")
    assert len({form for t in terms() for form in t.zh_forms}) > 150
