"""What a site's pages have at their edges, as far as they are on the shelf."""

from __future__ import annotations

from dataclasses import replace

import pytest

from library import Library
from library.records import Shelved, Signature
from tests.fakes import shelved

SITE, OTHER = "news.example", "other.example"
LINES = ("网站首页 > 要闻", "扫一扫分享本页", "上一篇：无")


def _page(n: int, site: str = SITE, lines: tuple[str, ...] = LINES, marks: range | None = None) -> Shelved:
    item = replace(shelved(f"/{site}/{n}", f"{site}的第{n}篇正文。"), site=site, edge_lines=lines)
    return replace(item, signature=Signature(len(marks), tuple(marks), ())) if marks else item


def test_lines_of_three_pages_are_shared(library: Library) -> None:
    library.add([_page(1), _page(2), _page(1, OTHER), _page(2, OTHER)])
    assert library.furniture(SITE, LINES) == frozenset()
    library.add([_page(3, lines=LINES[:2])])
    assert library.furniture(SITE, [*LINES, "正文的第一行"]) == set(LINES[:2])
    assert library.furniture(OTHER, LINES) == frozenset()


def test_copies_count_as_one_page(library: Library) -> None:
    """What a reprint has at its edges is the article's own beginning and end."""
    near = [_page(n, marks=range(n, n + 100)) for n in (1, 2, 3)]
    exact = [replace(_page(n), article=replace(_page(n).article, body="同一篇。")) for n in (4, 5, 6)]
    library.add([*near, *exact])
    assert library.furniture(SITE, LINES) == frozenset()
    library.add([_page(7, marks=range(500, 600))])
    assert library.furniture(SITE, LINES) == set(LINES)


@pytest.mark.parametrize("waiting", [0, 1, 2, 3])
def test_pages_that_wait_count_as_if_shelved(library: Library, waiting: int) -> None:
    pages = [_page(n, marks=range(200 * n, 200 * n + 100)) for n in (1, 2, 3)]
    library.add(pages[waiting:])
    assert library.furniture(SITE, LINES, pages[:waiting]) == set(LINES)
    assert library.furniture(OTHER, LINES, pages[:waiting]) == frozenset()


def test_a_page_that_waits_counts_instead_of_its_last_version(library: Library) -> None:
    library.add([_page(n) for n in (1, 2, 3)])
    assert library.furniture(SITE, LINES, [_page(3, lines=())]) == frozenset()
    assert library.furniture(SITE, LINES, [_page(3)]) == set(LINES)


def test_a_page_that_goes_is_forgotten(library: Library) -> None:
    pages = [_page(n) for n in (1, 2, 3)]
    library.add(pages)
    library.add([_page(3, lines=LINES[:1])])
    assert library.furniture(SITE, LINES) == set(LINES[:1])
    library.remove([pages[0].article.id])
    assert library.furniture(SITE, LINES) == frozenset()
    library.remove([pages[1].article.id, pages[2].article.id])
    assert library._catalogue.count("edges") == 0


def test_without_a_site_nothing_is_remembered(library: Library) -> None:
    pages = [_page(n, site="") for n in (1, 2, 3)]
    library.add(pages)
    assert library.furniture("", LINES) == library.furniture("", LINES, pages) == frozenset()
    assert library._catalogue.count("edges") == 0


def test_no_text_of_a_line_is_kept(library: Library) -> None:
    library.add([_page(n) for n in (1, 2, 3)])
    assert not any(line.encode() in (library.folder / "catalogue.sqlite").read_bytes() for line in LINES)
