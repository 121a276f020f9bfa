"""``kill -9`` in the middle of an export, twice: the third run makes it whole, nothing twice, nothing missing."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest import ingest
from library import Library, Settings
from tests.fakes import FakeEncoder

ARTICLES = 300
VICTIM = """
import os, signal, sys
from pathlib import Path
from library import Library, Settings
from rag.export import export_library
from tests.fakes import FakeEncoder

shelf, out, last = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])

def progress(done, total, title):
    if done == last:
        os.kill(os.getpid(), signal.SIGKILL)

with Library.open(shelf, Settings(), FakeEncoder()) as library:
    report = export_library(library, None, out, ("md", "jsonl", "csv", "xlsx"), "zh", progress=progress)
print(report.written, report.skipped, len(report.failed))
"""


@pytest.fixture
def shelf(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> Path:
    pages = tmp_path / "pages.jsonl"
    rows = (
        {
            "id": str(n),
            "title": f"第{n}号通知",
            "text": f"第{n}号通知要求，江门市力争新建孵化器{n + 1}家。各单位要抓好落实。",
        }
        for n in range(ARTICLES)
    )
    pages.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    with Library.open(tmp_path / "shelf", settings, encoder) as library:
        ingest(library, [pages])
        assert len(library) == ARTICLES
    return tmp_path / "shelf"


def _run(shelf: Path, out: Path, last: int) -> tuple[int, str]:
    words = [sys.executable, "-c", VICTIM, str(shelf), str(out), str(last)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.strip()


def test_an_export_killed_twice_is_made_whole(shelf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert _run(shelf, out, 97)[0] == -signal.SIGKILL
    assert _run(shelf, out, 211)[0] == -signal.SIGKILL
    assert _run(shelf, out, -1) == (0, f"{ARTICLES - 211} 211 0")
    with Library.open(shelf, Settings(), FakeEncoder()) as library:
        ids = [a.id for a in library.articles()]
    briefings = [json.loads(line) for line in (out / "summaries.jsonl").read_text("utf-8").splitlines()]
    assert [b["articles"] for b in briefings] == [[i] for i in ids]
    assert sorted(p.stem for p in out.glob("*.md")) == sorted(ids)
    rows = csv.DictReader(io.StringIO((out / "summaries.csv").read_text("utf-8-sig")))
    assert list(dict.fromkeys(row["article_id"] for row in rows)) == ids
    assert [t["value"] for b in briefings for t in b["targets"]] == [n + 1 for n in range(ARTICLES)]
