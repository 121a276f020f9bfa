"""Markers, and folders that appear whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from library.errors import ModelError
from library.models import store


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A marker that vouches for two files."""
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two and")
    store.vouch(tmp_path / "marker.json", "key", store.file_digests(tmp_path, ["a", "b"]))
    return tmp_path / "marker.json"


def test_a_marker_vouches_for_its_files(marker: Path) -> None:
    assert store.is_vouched(marker, "key")
    assert store.vouched_bytes(marker) == 10
    assert not store.is_vouched(marker, "another key")


def test_files_that_look_unchanged_are_not_hashed(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashlib, "sha256", None)
    assert store.is_vouched(marker, "key")


def test_a_missing_file_or_another_size_is_not_vouched_for(marker: Path) -> None:
    (marker.parent / "a").write_bytes(b"longer")
    assert not store.is_vouched(marker, "key")
    (marker.parent / "a").unlink()
    assert not store.is_vouched(marker, "key")


def test_a_wrong_hash_is_found_once(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (marker.parent / "a").write_bytes(b"eno")
    assert not store.is_vouched(marker, "key")
    monkeypatch.setattr(hashlib, "sha256", None)
    assert not store.is_vouched(marker, "key")  # without hashing again


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"key": "key", "files": {"a": {"size": 3}}}', "\x00"])
def test_an_unreadable_marker_vouches_for_nothing(marker: Path, content: str) -> None:
    marker.write_text(content, encoding="utf-8")
    assert not store.is_vouched(marker, "key")
    assert store.vouched_bytes(marker) == 0


def test_a_folder_is_published_whole(tmp_path: Path) -> None:
    target = tmp_path / "model"
    store.publish_folder(target, lambda into: (into / "new").write_text("1"))
    assert [path.name for path in target.iterdir()] == ["new"]
    store.publish_folder(target, lambda into: (into / "newer").write_text("2"))
    assert [path.name for path in target.iterdir()] == ["newer"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_folder_leaves_the_former_one(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "model"
    store.publish_folder(target, lambda into: (into / "old").write_text("1"))

    def fill(into: Path) -> None:
        (into / "half").write_text("2", encoding="utf-8")
        raise error

    with pytest.raises(BaseException, match=r"^$|No space"):
        store.publish_folder(target, fill)
    assert [path.name for path in target.iterdir()] == ["old"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    for name in ("model.partial", "model.former"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rest").write_text("x", encoding="utf-8")
    store.publish_folder(tmp_path / "model", lambda into: (into / "new").write_text("1"))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["model", "new"]


def test_a_full_disk_becomes_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No space left on device"), store.preparing(tmp_path, "tiny"):
        raise OSError(28, "No space left on device")
    with store.preparing(tmp_path, "tiny"):
        pass  # the lock was released
