"""The page in a browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import pytest

from tests.ui.browsing import needs_browser, playwright

QUESTION = "江门市的高企存量目标是多少？"
pytestmark = needs_browser


def ask(page: playwright.Page, question: str) -> None:
    page.get_by_label("问题 Question").fill(question)
    page.keyboard.press("Enter")


def test_a_chinese_question_is_answered_with_its_source(page: playwright.Page, address: str) -> None:
    ask(page, QUESTION)
    playwright.expect(page.locator("#kj-chat")).to_contain_text("3000家[1]。", timeout=20_000)
    playwright.expect(page.locator("#kj-chat")).to_contain_text("✓ 有依据 Supported")
    mark = page.locator("#kj-panel li > blockquote mark")
    playwright.expect(mark).to_contain_text("3000家")
    assert len(page.locator("#kj-panel li > blockquote").inner_text()) > len(mark.inner_text())
    page.locator("a.kj-cite").first.click()
    playwright.expect(page.locator("#kj-source-0-1")).to_be_focused()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert [url for url in page.fetched if not url.startswith((address, "data:", "blob:"))] == []


def test_a_script_in_title_page_or_answer_is_text(page: playwright.Page) -> None:
    ask(page, "潮川市的绿色实验室目标是多少？")
    playwright.expect(page.locator("#kj-panel .kj-title")).to_contain_text("<script>hacked=1", timeout=20_000)
    playwright.expect(page.locator("#kj-panel li > blockquote")).to_contain_text("${hacked=1}")
    playwright.expect(page.locator("#kj-chat")).to_contain_text("<script>hacked=1")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert not [url for url in page.fetched if "evil" in url]


def test_an_answer_can_be_stopped_and_the_next_one_asked(page: playwright.Page) -> None:
    ask(page, "随州市的五项行动是为了什么？")
    playwright.expect(page.locator("#kj-chat")).to_contain_text("慢慢", timeout=20_000)
    page.get_by_role("button", name="停止 Stop").click()
    playwright.expect(page.locator("#kj-chat")).to_contain_text("已停止", timeout=20_000)
    ask(page, QUESTION)
    playwright.expect(page.locator("#kj-chat")).to_contain_text("3000家[1]。", timeout=20_000)


def test_an_example_is_asked_by_a_click_and_others_do_not_see_it(
    page: playwright.Page, browser: playwright.Browser, address: str
) -> None:
    page.get_by_role("button", name=QUESTION).click()
    playwright.expect(page.locator("#kj-chat")).to_contain_text("3000家[1]。", timeout=20_000)
    with browser.new_context() as other:
        fresh = other.new_page()
        fresh.goto(address)
        fresh.get_by_role("button", name=QUESTION).wait_for()
        assert "3000" not in fresh.locator("#kj-chat").inner_text()
        assert not fresh.locator("#kj-panel li").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_on_a_narrow_screen(browser: playwright.Browser, address: str, scheme: str) -> None:
    with browser.new_context(viewport={"width": 400, "height": 800}, color_scheme=scheme) as context:
        narrow = context.new_page()
        narrow.goto(address)
        narrow.get_by_label("问题 Question").wait_for()
        ask(narrow, QUESTION)
        narrow.locator("#kj-panel li > blockquote mark").wait_for(timeout=20_000)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 400
