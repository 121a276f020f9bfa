"""Takes the pictures of docs/app.md: ``python docs/screenshots.py``, with Chromium and the prepared models.

Every tab over the sample pages, light and dark, wide and narrow, after its main use.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from ingest import ingest
from library import Library, Settings
from rag import Assistant
from ui.app import launch

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SIZES = {"wide": (1280, 900), "narrow": (400, 860)}
PATIENCE = 300_000  # milliseconds


def ask(page: Page) -> None:
    page.get_by_label("问题 Question").fill("How many high-tech enterprises does Suizhou aim for?")
    page.keyboard.press("Enter")
    page.locator("#kj-panel li > blockquote mark").first.wait_for(timeout=PATIENCE)


def library(page: Page) -> None:
    page.locator("#kj-shelf [role=gridcell]").get_by_text("汕尾").first.click()
    page.locator("#kj-article ins").first.wait_for(timeout=PATIENCE)


def briefings(page: Page) -> None:
    page.get_by_label("或城市 or a city").click()
    page.get_by_role("option", name="江门 Jiangmen").click()
    page.get_by_label("语言 Language").click()
    page.get_by_role("option", name="中文 Chinese").click()
    page.get_by_role("button", name="写简报").click()
    page.locator("#kj-brief iframe").wait_for(timeout=PATIENCE)


def targets(page: Page) -> None:
    page.get_by_label("指标 Indicator").fill("高企")
    page.wait_for_timeout(1500)
    page.locator("#kj-targets [role=gridcell]").get_by_text("3,000").first.click()
    page.locator("#kj-target-quote mark").first.wait_for(timeout=PATIENCE)


def evaluate(page: Page) -> None:
    page.get_by_label("最多几题 At most (0: 全部 all)").fill("5")
    page.get_by_role("button", name="开始评测").click()
    page.locator("#kj-eval-report iframe").wait_for(timeout=PATIENCE)


TABS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "ask": ("提问 Ask", ask),
    "library": ("书架 Library", library),
    "briefings": ("简报 Briefings", briefings),
    "targets": ("目标 Targets", targets),
    "evaluate": ("评测 Evaluate", evaluate),
}


def open_tab(page: Page, label: str) -> None:
    tab = page.get_by_role("tab", name=label)
    if tab.is_visible():
        tab.click()
    else:  # on a narrow screen the last tabs are behind a button
        page.locator(".overflow-menu > button").click()
        page.locator(".overflow-dropdown").get_by_text(label).click()


def main() -> None:
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder, Library.open(folder, settings) as shelf, sync_playwright() as p:
        ingest(shelf, [ROOT / "samples" / "pages"])
        app = launch(shelf, Assistant(shelf, settings), port=0, block=False)
        chromium = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(app.local_url)
                page.get_by_label("问题 Question").wait_for(timeout=PATIENCE)
                for name, (label, use) in TABS.items():
                    open_tab(page, label)
                    page.wait_for_timeout(1000)
                    use(page)
                    page.wait_for_timeout(1000)
                    page.screenshot(path=str(IMAGES / f"app-{name}-{size}-{scheme}.png"))
                context.close()
        chromium.close()
        app.close()


if __name__ == "__main__":
    main()
