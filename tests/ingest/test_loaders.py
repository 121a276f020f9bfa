"""Finding pages and reading their bytes."""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path

import pytest

from ingest import clean_page
from ingest.loaders import Source, find_sources, read_page
from ingest.loaders import source as limits
from library.errors import PageError
from library.records import Failure


def _write(path: Path, *lines: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return path


def _split(paths: list[Path | str]) -> tuple[list[Source], list[Failure]]:
    found = list(find_sources(paths))
    return [f for f in found if isinstance(f, Source)], [f for f in found if isinstance(f, Failure)]


def test_a_folder_gives_its_pages_at_any_depth_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b/2.html", "b/10.HTM", "a.txt", "z.md", ".hidden.txt", ".git/x.txt", "photo.jpg", "b/.x/y.txt"):
        _write(tmp_path / name, "页")
    sources, failures = _split([tmp_path])
    assert [Path(s.uri).relative_to(tmp_path.resolve()).as_posix() for s in sources] == [
        "a.txt", "z.md", "b/10.HTM", "b/2.html"
    ]  # fmt: skip
    assert failures == []


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    page = _write(tmp_path / "page.dat", "<html><body><p>江门市科技局召开会议，部署全年的工作。</p></body></html>")
    assert clean_page(page).body == "江门市科技局召开会议，部署全年的工作。"


def test_html_inside_a_text_file_is_text(tmp_path: Path) -> None:
    page = _write(tmp_path / "page.txt", "<p>江门市科技局召开会议。")
    assert clean_page(page).body == "<p>江门市科技局召开会议。"


def test_what_is_not_there_is_a_failure_in_its_place(tmp_path: Path) -> None:
    page = _write(tmp_path / "a.txt", "页")
    found = list(find_sources([tmp_path / "nowhere", page]))
    assert found[0] == Failure(str(tmp_path / "nowhere"), "no such file or folder")
    assert isinstance(found[1], Source)


def test_a_folder_that_can_not_be_listed_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path / "open" / "a.txt", "页")
    _write(tmp_path / "shut" / "b.txt", "页")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    sources, failures = _split([tmp_path])
    assert [Path(s.uri).name for s in sources] == ["a.txt"]
    assert failures == [Failure(str(tmp_path / "shut"), "can't be read (Permission denied)")]


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert _split([tmp_path]) == (
        [], [Failure(str(tmp_path / "gone.txt"), "can't be read (a link that leads nowhere)")]
    )  # fmt: skip


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names are Unicode there")
def test_a_name_that_is_not_utf_8_gives_a_uri_that_is(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/" + "江门".encode("gbk") + b".txt"
    Path(os.fsdecode(path)).write_text("江门市科技局召开会议。", encoding="utf-8")
    [source], _ = _split([tmp_path])
    assert source.uri.encode("utf-8").decode().endswith(r"\udcbd\udcad\udcc3\udcc5.txt")
    assert read_page(source, source.read()).raw == "江门市科技局召开会议。"


def test_a_page_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1_000_000)
    page = _write(tmp_path / "a.txt", "页" * 400_000)
    with pytest.raises(PageError, match="larger than 1 MB"):
        clean_page(page)


def test_records_of_a_jsonl_file(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.jsonl",
        b"\xef\xbb\xbf" + json.dumps({"id": "一", "text": "正文一。", "title": "题", "date": "2025年2月6日"}).encode(),
        "",
        json.dumps({"id": 7, "text": "正文二。", "url": "https://x.example/7", "extra": [1]}),
        "  ",
    )
    sources, failures = _split([path])
    assert failures == []
    assert [s.uri for s in sources] == [f"{path.resolve()}#一", f"{path.resolve()}#7"]
    page = read_page(sources[0], sources[0].read())
    assert (page.raw, page.text.chars, page.title, page.date) == ("正文一。", "正文一。", "题", "2025年2月6日")


def test_the_hash_of_a_record_is_of_its_content(tmp_path: Path) -> None:
    one = _write(tmp_path / "1.jsonl", '{"id": "a", "text": "甲", "title": "乙"}')
    two = _write(tmp_path / "2.jsonl", '{"title":"乙","text":"\\u7532","id":"a","note":1}')
    [first], [second] = _split([one])[0], _split([two])[0]
    assert first.read() == second.read()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "a", "text": ', "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("null", "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        (b"\xbd\xad\xc3\xc5", "not a JSON object"),
        ('{"text": "no id"}', "needs 'id' and 'text'"),
        ('{"id": "a"}', "needs 'id' and 'text'"),
        ('{"id": "", "text": "x"}', "needs 'id' and 'text'"),
        ('{"id": "a", "text": null}', "needs 'id' and 'text'"),
        ('{"id": "a", "text": ["x"]}', "its 'text' is not text"),
        ('{"id": true, "text": "x"}', "its 'id' is not text"),
        ('{"id": "good", "text": "again"}', "its id is that of line 1"),
    ],
)
def test_a_bad_line_is_a_failure_and_costs_no_other(tmp_path: Path, line: str | bytes, reason: str) -> None:
    path = _write(tmp_path / "a.jsonl", '{"id": "good", "text": "正文。"}', line, '{"id": "last", "text": "正文。"}')
    sources, [failure] = _split([path])
    assert [s.given["id"] for s in sources] == ["good", "last"]
    assert failure.path == f"{path}, line 2"
    assert reason in failure.reason


def test_half_a_surrogate_pair_is_replaced_in_its_place(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", r'{"id": "a\ud83d", "text": "\ud83d\ude00甲\ud83d乙"}')
    [source], _ = _split([path])
    assert read_page(source, source.read()).raw == "😀甲\ufffd乙"
    assert source.uri.endswith("#a\ufffd")


def test_formats_are_told_by_content_when_the_name_lies(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><body><p>江门市科技局召开会议，部署全年的工作。</p></body></html>"
    wanted = "江门市科技局召开会议，部署全年的工作。"
    assert clean_page(_write(tmp_path / "html.txt", page)).body == wanted
    assert clean_page(_write(tmp_path / "utf16.html", wanted.encode("utf-16"))).body == wanted
    assert clean_page(_write(tmp_path / "text.html", f"5<6\n{wanted}")).body == f"5<6\n{wanted}"
    assert clean_page(_write(tmp_path / "page.htm.gz", gzip.compress(page.encode("gbk")))).body == wanted


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word file; save it as .docx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        ("a.rtf", b"{\\rtf1", "an RTF file; save it as .docx"),
        ("a", b"\x89PNG\r\n\x1a\n", "not a text page: it looks like a PNG image"),
        ("a.rar", b"Rar!\x1a\x07", "a RAR archive; unpack it and give the folder"),
    ],
)
def test_a_named_file_of_another_kind_says_what_to_do(tmp_path: Path, name: str, head: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(head + bytes(600))
    _, [failure] = _split([path])
    assert failure.reason.startswith(reason)
