"""The shelf of sample pages."""

from __future__ import annotations

from pathlib import Path

import pytest

import eval.samples
from eval import samples_folder, samples_library
from library import Library, Settings
from library.errors import PageError, UsageError
from library.records import Article


def test_the_shelf_has_every_sample_page(articles: list[Article]) -> None:
    files = {article.uri.partition("#")[0] for article in articles}
    assert files == {str(path) for path in samples_folder().iterdir()}
    assert len(articles) == 18


def test_a_second_call_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: Library) -> None:
    with samples_library(shelf.folder, shelf.settings, shelf.encoder) as again:
        assert len(again) == 18


def test_without_a_checkout_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval.samples, "PAGES", tmp_path / "site-packages" / "samples")
    with pytest.raises(UsageError, match=r"not at .*Run this in a checkout"):
        samples_library(tmp_path / "shelf")
    assert not (tmp_path / "shelf").exists()


def test_a_library_of_other_pages_is_left_alone(
    tmp_path: Path, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eval.samples, "PAGES", tmp_path)
    with pytest.raises(UsageError, match="holds other pages"):
        samples_library(shelf.folder, shelf.settings, shelf.encoder)
    assert len(shelf) == 18


def test_a_sample_page_that_cannot_be_read_is_no_silent_loss(
    tmp_path: Path, shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "empty.txt").touch()
    monkeypatch.setattr(eval.samples, "PAGES", tmp_path / "pages")
    with pytest.raises(PageError, match=r"empty\.txt"):
        samples_library(tmp_path / "shelf", Settings(), shelf.encoder)
