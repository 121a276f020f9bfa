"""The page in a real browser: a question, its answer, its source. The models are scripted, the pages hostile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from library import Library, Settings
from rag import Assistant
from tests.fakes import FakeEncoder, ScriptedModel
from ui.app import launch

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.allow_hosts(["127.0.0.1", "::1"]),
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed; on Debian: apt-get install chromium"),
    pytest.mark.filterwarnings("default"),  # Gradio's and the browser driver's own warnings are not ours
]
PAGE = """江门<script>window.hacked=1</script>科技会议定下目标
会议提出，江门市力争全市高企存量达3000家，江门还将新增8家科普基地。
江门的企业反响热烈。
"""


@pytest.fixture
def address(tmp_path: Path, samples: Path) -> Iterator[str]:
    """Where the chat is served, over the sample pages and one hostile page."""
    (tmp_path / "hostile.txt").write_text(PAGE, "utf-8")
    settings = Settings(encoder={"min_similarity": -1})
    with Library.open(tmp_path / "shelf", settings, FakeEncoder()) as library:
        ingest(library, [tmp_path / "hostile.txt", samples])
        app = launch(library, Assistant(library, model=Always()), port=0, block=False)
        yield app.local_url
        app.close()


class Always(ScriptedModel):
    """Gives the same answer to everyone, with markup in it."""

    def stream(self, messages: Any, max_tokens: int) -> Iterator[str]:
        yield from ("江门市力争", "<img src=x onerror='window.hacked=1'>", "高企存量达3000家[1]。")


@pytest.fixture
def page() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # Root may not use the sandbox; it is on everywhere else.
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def test_a_question_its_answer_and_its_source(page: Any, address: str) -> None:
    elsewhere: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else elsewhere.append(r.url))
    page.goto(address)
    page.fill("#kj-question textarea", "江门市的高企存量目标是多少？")
    page.keyboard.press("Enter")
    page.wait_for_selector("#kj-panel mark")
    assert "3000家" in page.inner_text("#kj-chat")
    assert "有依据 Supported" in page.inner_text("#kj-chat")
    assert "3000家" in page.inner_text("#kj-panel mark")
    page.click("#kj-chat a[href^='#']")
    assert page.is_visible("#kj-panel mark")
    assert page.evaluate("window.hacked") is None
    assert elsewhere == []


def test_a_question_that_the_shelf_cannot_answer(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(address)
    page.fill("#kj-question textarea", "深圳市的高企目标是多少？")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Not found on the shelf")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
