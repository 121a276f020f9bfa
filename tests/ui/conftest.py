"""The page served once for all tests of it, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from tests.ui.browsing import served

    with served(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture(scope="module")  # its event loop runs in this thread: other modules want their own
def browser() -> Iterator[Any]:
    from tests.ui.browsing import CHROMIUM, playwright

    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        opened = context.new_page()
        opened.fetched = []
        opened.on("request", lambda request: opened.fetched.append(request.url))
        opened.goto(address)
        opened.get_by_label("问题 Question").wait_for()
        yield opened
