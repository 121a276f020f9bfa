"""What the tests in a browser share: Debian's Chromium under Playwright, and the page served by another process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}; apt-get install chromium"),
]


@contextmanager
def served(folder: Path, *more: str, module: str = "tests.ui.served") -> Iterator[str]:
    """The page's address, served over a library in ``folder`` until the block ends; ``more`` goes to the module."""
    env = os.environ | {"KEJIAN_CONFIG": str(folder / "none.toml"), "KEJIAN_RUNS": str(folder / "runs")}
    command = [sys.executable, "-m", module, str(folder / "shelf"), *more]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
        assert server.stderr is not None
        said = []
        for line in server.stderr:
            said.append(line)
            if found := re.search(r"科简 Kejian: (http://[\w.:]+)", line):
                break
        else:
            pytest.fail("".join(said))
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)  # or a full pipe stops it
        try:
            yield found[1]
        finally:
            server.terminate()
            drain.wait()
