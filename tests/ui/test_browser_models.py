"""The page in a browser with the real encoder and the real language model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from tests.ui.browsing import needs_browser, playwright, served
from tests.ui.test_browser_tabs import WAIT, tab, upload

pytestmark = [*needs_browser, pytest.mark.models]
expect = playwright.expect
SLOW = 240_000  # milliseconds: the first question loads the models, on two cores that may be busy
DAMAGED = (
    "首頁 > 新聞 > 正文\n云川市科技特派員工作會議召開(zhào kāi)\n"
    "會議透露，云川市今年選派科技特派員126名，進(jìn)村入企開展服務(wù)。\n分享到微信\n"
)


@pytest.fixture(scope="module")
def page(browser: playwright.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[playwright.Page]:
    with (
        served(tmp_path_factory.mktemp("real"), module="tests.ui.served_real") as address,
        browser.new_context(viewport={"width": 1280, "height": 900}) as context,
    ):
        opened = context.new_page()
        opened.goto(address)
        opened.get_by_label("问题 Question").wait_for(timeout=SLOW)
        yield opened


def ask(page: playwright.Page, question: str) -> None:
    tab(page, "提问 Ask")
    page.get_by_label("问题 Question").fill(question)
    page.keyboard.press("Enter")


def test_a_chinese_and_an_english_question_are_answered_on_their_quotes(page: playwright.Page) -> None:
    ask(page, "江门的大桥经济给科技工作提出了什么问题？")
    expect(page.locator("#kj-footer")).to_contain_text("Whole answer", timeout=SLOW)
    expect(page.locator("#kj-chat .kj-cite").first).to_be_visible()
    ask(page, "How many high-tech enterprises does Suizhou aim for?")
    expect(page.locator("#kj-chat")).to_contain_text("400", timeout=SLOW)
    mark = page.locator("#kj-panel li > blockquote mark").first
    expect(mark).to_contain_text("400家", timeout=SLOW)
    page.locator("#kj-chat a.kj-cite").last.click()
    expect(page.locator("#kj-source-1-1")).to_be_focused()


def test_a_damaged_upload_is_restored_and_answers(page: playwright.Page, tmp_path: Path) -> None:
    file = tmp_path / "yunchuan_envoys.txt"
    file.write_text(DAMAGED, "utf-8")
    upload(page, file)
    expect(page.locator("#kj-report")).to_contain_text("added 1", timeout=SLOW)
    ask(page, "云川市今年选派多少名科技特派员？")
    expect(page.locator("#kj-panel li > blockquote mark").first).to_contain_text("126名", timeout=SLOW)
    expect(page.locator("#kj-chat")).to_contain_text("126名")


def test_an_english_briefing_is_written_and_taken_away(page: playwright.Page, tmp_path: Path) -> None:
    tab(page, "简报 Briefings")
    page.get_by_label("或城市 or a city").click()
    page.get_by_role("option", name="江门 Jiangmen").click()
    page.get_by_role("button", name="写简报").click()
    expect(page.locator("#kj-brief-state")).to_contain_text("写好了", timeout=2 * SLOW)
    with page.expect_download(timeout=WAIT) as download:
        page.locator("#kj-brief-files a[download$='.docx']").first.click()
    download.value.save_as(tmp_path / "briefing.docx")
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "briefing.docx")).paragraphs)
    assert "In brief" in text and "3,000" in text
