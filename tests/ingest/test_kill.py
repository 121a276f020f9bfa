"""``kill -9`` at any moment of an ingest leaves the library as it was before a batch, or after it, never between."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import pytest

from ingest import ingest
from library import Library, Settings
from tests.fakes import FakeEncoder
from tests.ingest.victim import BATCH_CHUNKS, POINTS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the victim forks")

ROOT = Path(__file__).resolve().parents[2]
TOPICS = ("高企存量", "技术合同", "孵化器", "科技特派员", "中试平台", "研发投入", "揭榜挂帅", "成果转化")
State = frozenset[Any]


def _write_pages(folder: Path, edition: int) -> Path:
    """Forty pages; a later edition has other figures, three pages less and three more. One stays, and is renamed."""
    folder.mkdir()
    (folder / f"renamed-{edition}.txt").write_text("这一篇讲科学普及，每一版都一样，只是换了名字。", encoding="utf-8")
    for n in range(3 * edition, 3 * edition + 40):
        lines = [f"第{n}篇讲{TOPICS[(n + i) % 8]}，目标是{n + i + edition}家，要求各单位抓好落实。" for i in range(14)]
        (folder / f"{n:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _state(library: Library) -> State:
    """All that a user could see of the articles on the shelf."""
    spans = library._catalogue._db.execute("SELECT article_id, start, end FROM chunks ORDER BY id").fetchall()
    return frozenset(
        (a, library.raw(a.id), tuple(span for span in spans if span[0] == a.id))
        for a in map(library.get, (s.id for s in library.articles()))
    )


def _open(shelf: Path) -> Library:
    return Library.open(shelf, Settings(), FakeEncoder())


@dataclass(frozen=True)
class Ground:
    """A folder's pages, a shelf with their earlier edition, and all states that a run may leave behind."""

    pages: Path
    filled: Path
    states: dict[str, list[State]]

    def shelf(self, start: str, at: Path) -> Path:
        return Path(shutil.copytree(self.filled, at)) if start == "filled" else at


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    base = tmp_path_factory.mktemp("kill")
    pages, filled, states = base / "pages", base / "filled", {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEJIAN_CONFIG", str(base / "none.toml"))
        patch.setattr(sys.modules[ingest.__module__], "_BATCH_CHUNKS", BATCH_CHUNKS)
        with _open(filled) as library:
            ingest(library, [_write_pages(pages, 0)])
        shutil.rmtree(pages)
        _write_pages(pages, 1)
        shutil.copytree(filled, base / "copy")
        for start, shelf in (("empty", base / "new"), ("filled", base / "copy")):
            with _open(shelf) as library:
                states[start] = _states_of_a_run(library, pages)
        yield Ground(pages, filled, states)


def _states_of_a_run(library: Library, pages: Path) -> list[State]:
    states = [_state(library)]

    def noted(write: Callable[..., Any]) -> Callable[..., Any]:
        def write_and_note(*args: Any) -> Any:
            result = write(*args)
            states.append(_state(library))
            return result

        return write_and_note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "add", noted(library.add))
        patch.setattr(library, "remove", noted(library.remove))
        patch.setattr(library, "rename", noted(library.rename))
        ingest(library, [pages], prune=True)
    return states


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("KEJIAN_")}
    env |= {"KEJIAN_CONFIG": str(tmp_path_factory.mktemp("victim") / "none.toml"), "PYTHONPATH": str(ROOT)}
    env |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # a process with threads should not fork
    command = [sys.executable, str(Path(__file__).with_name("victim.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=30)


def _order(victim: subprocess.Popen[str], shelf: Path, pages: Path, seed: int, point: str = "", nth: int = 0) -> int:
    """Starts an ingest; its process id."""
    order = {"shelf": str(shelf), "pages": str(pages), "seed": seed, "point": point, "nth": nth}
    return _ask(victim, json.dumps(order))


def _end(victim: subprocess.Popen[str]) -> int:
    """Waits for the ingest; its return code, negative for a signal."""
    return _ask(victim, "")


def _ask(victim: subprocess.Popen[str], line: str) -> int:
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(f"{line}\n")
    victim.stdin.flush()
    return int(victim.stdout.readline())


def _is_sound(library: Library) -> None:
    assert library.check() == []
    stored = {row[0] for row in library._catalogue._db.execute("SELECT id FROM chunks")}
    assert set(faiss.vector_to_array(library._index()._index.id_map).tolist()) == stored
    for summary in library.articles()[::10]:
        body = library.get(summary.id).body
        found = library.search(body[:300], by="dense", k=40)
        assert summary.id in {passage.article_id for passage in found}
        assert all(library.get(p.article_id).body[p.start : p.end] == p.text for p in found[:5])


def _completes(shelf: Path, ground: Ground) -> None:
    with _open(shelf) as library:
        ingest(library, [ground.pages], prune=True)
        assert _state(library) == ground.states["empty"][-1]
        _is_sound(library)
    left = sorted(path.name.split(".")[0] for path in shelf.iterdir() if path.name.startswith("vectors"))
    assert left == ["vectors"]


def _cases() -> Iterator[tuple[str, str, int]]:
    chance = random.Random(20240415)
    for point, (_, name, _) in POINTS.items():
        most = {"_create": 1, "rename": 1, "delete": 35, "insert": 35}.get(name, 6)
        for start in ("filled",) if name == "rename" else ("empty", "filled"):
            yield start, point, chance.randint(1, most)


def test_a_run_goes_through_many_states(ground: Ground) -> None:
    assert {start: len(set(states)) for start, states in ground.states.items()} == {"empty": 8, "filled": 10}
    assert ground.states["empty"][-1] == ground.states["filled"][-1]


@pytest.mark.parametrize(("start", "point", "nth"), list(_cases()))
def test_a_kill_leaves_whole_batches(
    victim: subprocess.Popen[str], ground: Ground, tmp_path: Path, start: str, point: str, nth: int
) -> None:
    shelf = ground.shelf(start, tmp_path / "shelf")
    _order(victim, shelf, ground.pages, nth, point, nth)
    assert _end(victim) == -signal.SIGKILL
    with _open(shelf) as library:
        assert _state(library) in ground.states[start]
        _is_sound(library)
    _completes(shelf, ground)


@pytest.mark.parametrize("start", ["empty", "filled"])
def test_kills_in_a_row_at_any_moment(
    victim: subprocess.Popen[str], ground: Ground, tmp_path: Path, start: str
) -> None:
    shelf, chance = ground.shelf(start, tmp_path / "shelf"), random.Random(start)
    whole = frozenset().union(*ground.states[start])
    for seed in range(8):
        pid = _order(victim, shelf, ground.pages, seed)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(pid, signal.SIGKILL)
        assert _end(victim) in (-signal.SIGKILL, 0)
        with _open(shelf) as library:
            assert _state(library) <= whole
            _is_sound(library)
    _completes(shelf, ground)
