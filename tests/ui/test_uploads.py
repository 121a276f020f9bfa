"""Uploads are kept by name; nothing that is there is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from library.errors import UsageError
from ui.uploads import addresses, keep


def test_the_same_file_is_kept_once_and_another_of_its_name_beside_it(tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "page.txt", tmp_path / "b" / "page.txt"
    for file, text in ((one, "甲"), (other, "乙")):
        file.parent.mkdir()
        file.write_text(text, "utf-8")
    shelf = tmp_path / "uploads"
    assert [p.name for p in keep(shelf, [one, other, one])] == ["page.txt", "page (2).txt", "page.txt"]
    assert (shelf / "page.txt").read_text("utf-8") == "甲"
    assert sorted(p.name for p in shelf.iterdir()) == ["page (2).txt", "page.txt"]


def test_a_long_name_is_cut_but_not_its_extension(tmp_path: Path) -> None:
    file = tmp_path / ("长" * 80 + ".html")
    file.write_text("x", "utf-8")
    (kept,) = keep(tmp_path / "uploads", [file])
    assert kept.suffix == ".html" and len(kept.stem) <= 120


def test_addresses_are_one_a_line() -> None:
    assert addresses(" https://a.example/1 \n\nhttp://b.example") == ["https://a.example/1", "http://b.example"]


@pytest.mark.parametrize("text", ["/etc/passwd", "file:///etc/passwd", "notice.txt", "ftp://a.example/x"])
def test_a_path_of_the_server_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="no web address"):
        addresses(text)
