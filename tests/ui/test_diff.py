"""``kejian clean --diff``: both sides are whole, and what differs is marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import CleanPage, clean_page
from tests.conftest import ROOT
from ui.diff import Piece, Row, print_diff, rows

SAMPLES = sorted(p for p in (ROOT / "samples" / "pages").glob("*") if p.suffix != ".jsonl")
PAGE = "首頁 > 新聞 > 正文\n“雲川要把實驗室建到車間里去!秉S輝說,產(chǎn)值達(dá)80億元。\n發布評論\n"


def _page(tmp_path: Path, raw: str) -> CleanPage:
    (tmp_path / "page.txt").write_text(raw, encoding="utf-8", newline="")
    return clean_page(tmp_path / "page.txt")


def _text(pieces: list[Piece]) -> str:
    return "".join(text for text, _ in pieces)


def sides(page: CleanPage) -> Iterator[Row]:
    return rows(page.raw, page.body, page.text.starts.tolist(), page.text.stops.tolist())


def _without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_both_sides_are_whole_and_agree_where_nothing_is_marked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.diff._LONGEST_REMOVED", 10**9)
    page = clean_page(path)
    found = list(sides(page))
    assert _without_space("".join(_text(raw) for raw, _ in found)) == _without_space(page.raw)
    assert [_text(clean) for _, clean in found if clean] == [line.rstrip() for line in page.body.splitlines() if line]
    for raw, clean in found:
        assert "".join(t for t, differs in raw if not differs) == "".join(t for t, differs in clean if not differs)


def test_what_was_done_to_a_page(tmp_path: Path) -> None:
    menu, paragraph, notice = sides(_page(tmp_path, PAGE))
    assert menu == ([("首頁 > 新聞 > 正文", True)], [])
    assert notice == ([("發布評論", True)], [])
    assert _text(paragraph[1]) == "“云川要把实验室建到车间里去。”黄辉说，产值达80亿元。"
    taken = [text for text, differs in paragraph[0] if differs]
    assert taken == ["雲", "實驗", "車間", "!秉S輝說,產(chǎn)", "達(dá)", "億"]


def test_a_page_without_damage_stands_there_twice(tmp_path: Path) -> None:
    body = "云川市召开会议，产值达80亿元。"
    assert list(sides(_page(tmp_path, body))) == [([(body, False)], [(body, False)])]


def test_what_was_removed_is_cut_short(tmp_path: Path) -> None:
    paragraph = "云川市召开会议，部署全年的重点任务，产值要达到80亿元。"
    first, *_ = sides(_page(tmp_path, "首页 > 新闻\n" * 100 + paragraph))
    ((shown, _),), clean = first
    assert (len(shown), clean) == (400 + len("… (399 more characters)"), [])
    assert shown.endswith("… (399 more characters)")


def test_without_colour_changes_stand_in_brackets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_diff(_page(tmp_path, PAGE), "page.txt")
    out = "".join(capsys.readouterr().out.split())
    assert "page.txt,asitarrived" in out
    assert "[-雲-]川" in out
    assert "{+云+}川" in out


def test_with_colour_changes_are_coloured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    print_diff(_page(tmp_path, PAGE), "page.txt")
    out = capsys.readouterr().out
    assert "\x1b[31m雲\x1b[0m" in out
    assert "\x1b[32m云\x1b[0m" in out
    assert "[-" not in out
