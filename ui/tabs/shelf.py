"""The library tab: pages are taken in, looked at beside what they were, and taken off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from ingest import ingest
from library.errors import KejianError, NotFoundError
from library.library import Library
from library.records import Summary
from ui import jobs, pages, render, uploads
from ui.limits import MAX_UPLOAD
from ui.readiness import Readiness
from ui.tabs.parts import ANY_CITY, LONG, QUICK, is_running, running_job

_COLUMNS = ["ID", "日期 Date", "城市 City", "标题 Title", "字数 Characters"]
_WIDTHS = ["140px", "120px", "160px", "600px", "140px"]
_PICK = "点一行，看这篇文章 Select a row to see the article."
TAKE, REMOVE, KEEP = "收录 Take in", "从书架移除 Remove from the shelf", "保留 Keep it"
SURE = "确认移除 Yes, remove it"


class Shelf:
    """The tab's handlers; what a user has opened lives in the user's own ``gr.State``."""

    def __init__(self, library: Library, readiness: Readiness | None = None) -> None:
        self._library, self._readiness = library, readiness

    def take(self, files: list[str] | None, urls: str, running: threading.Event | None) -> Iterator[tuple[Any, ...]]:
        """Takes uploads and URLs in, and tells how far it is: report, the two inputs, and the job."""
        if is_running(running):
            yield gr.skip(), gr.skip(), gr.skip(), running
            return
        try:
            wanted = uploads.addresses(urls or "")
        except KejianError as error:
            yield render.problem_html(str(error)), gr.skip(), gr.skip(), None
            return
        if not (files or wanted):
            yield (
                render.status_html("先选文件或填网址 Choose files or write web addresses first."),
                *[gr.skip()] * 2,
                None,
            )
            return
        stop = threading.Event()

        def work(progress: Any) -> Any:
            progress(0, 0, "载入模型 loading the models")
            if self._readiness is not None:
                self._readiness.load()
            kept = uploads.keep(self._library.folder / "uploads", files or [])
            report = ingest(self._library, [*kept, *wanted], progress)
            failed = {failure.path for failure in report.failed}
            for place in kept:  # what was not understood is not kept: the user still has it
                if str(place) in failed:
                    place.unlink(missing_ok=True)
            return report

        for update in jobs.follow(work, stop):
            match update:
                case jobs.Step():
                    yield render.step_html(update), gr.skip(), gr.skip(), stop
                case jobs.Done(report):
                    yield pages.report_html(report), None, "", None
                case jobs.Problem(message):
                    yield render.problem_html(message), gr.skip(), gr.skip(), None
                case jobs.Stopped():
                    said = "已停止，收录了的留在书架上 Stopped; what was taken in stays."
                    yield render.status_html(said), gr.skip(), gr.skip(), None

    def listing(self, words: str, city: str) -> tuple[list[list[Any]], Any, str]:
        """The rows that fit, the city filter, and the health of the shelf."""
        rows, leaders = self._library.articles(), self._library.leaders()
        cities = [ANY_CITY, *((render.city_label(c), c) for c in self._library.cities())]
        wanted = (words or "").lower().split()
        chosen = [row for row in rows if (not city or row.city == city) and _has(row, wanted)]
        shown = [[r.id, r.published, render.city_label(r.city), _title(r, leaders), r.chars] for r in chosen]
        return shown, gr.Dropdown(choices=cities), pages.shelf_html(len(rows), len(chosen), len(leaders))

    def check(self) -> str:
        """Looks at the shelf's files, as ``kejian doctor`` does."""
        problems = self._library.check()
        if problems:
            return render.problem_html("; ".join(problems))
        return render.status_html("书架完好 The shelf is sound.")

    def open(self, event: gr.SelectData) -> tuple[str, str, Any, Any]:
        """The article of the row that was selected: its text beside the page, its id, and the way to remove it."""
        article_id = str(event.row_value[0])
        try:
            article, raw = self._library.get(article_id), self._library.raw(article_id)
        except NotFoundError as error:
            return render.problem_html(str(error)), "", *_asked(False, False)
        return pages.article_html(article, raw), article_id, *_asked(True, False)

    def remove(self, article_id: str) -> tuple[str, str, Any, Any]:
        """Takes the article off the shelf."""
        try:
            self._library.remove([article_id])
        except KejianError as error:
            return render.problem_html(str(error)), "", *_asked(False, False)
        return render.status_html(f"已移除 Removed: {article_id}"), "", *_asked(False, False)


def _asked(removable: bool, sure: bool) -> tuple[Any, Any]:
    """The button that removes, and the row that asks whether one is sure."""
    return gr.Button(visible=removable and not sure), gr.Row(visible=sure)


def _has(row: Summary, words: list[str]) -> bool:
    told = f"{row.title} {row.city} {render.city_label(row.city)} {row.published} {row.uri} {row.id}".lower()
    return all(word in told for word in words)


def _title(row: Summary, leaders: dict[str, str]) -> str:
    copy = f"（副本 copy of {leaders[row.id]}）" if row.id in leaders else ""
    return (row.title or row.uri.rsplit("/", 1)[-1]) + copy


def shelf_tab(app: gr.Blocks, shelf: Shelf) -> Any:
    """Lays the tab out and wires it. Returns the event after which the shelf is another."""
    opened = gr.State("")
    with gr.Row():
        files = gr.File(
            label=f"网页和文档，每个不超过 {MAX_UPLOAD} Pages and documents, up to {MAX_UPLOAD} each",
            file_count="multiple", height=150, elem_id="kj-files", scale=2, min_width=300,
        )  # fmt: skip
        urls = gr.Textbox(
            label="网址，一行一个 Web addresses, one a line", lines=4, max_lines=8, placeholder="https://…", scale=2,
            min_width=300, max_length=20_000,
        )  # fmt: skip
    take, running = running_job(TAKE)
    report = gr.HTML("", elem_id="kj-report", js_on_load=None)
    with gr.Row():
        words = gr.Textbox(
            label="查找 Find", placeholder="标题、城市、日期 Title, city, date", max_length=100, min_width=200
        )
        city = gr.Dropdown([ANY_CITY], value="", label="城市 City", min_width=140)
        check = gr.Button("检查书架 Check the shelf", min_width=260, scale=0)
    health = gr.HTML("", elem_id="kj-health", js_on_load=None)
    table = gr.Dataframe(
        headers=_COLUMNS, datatype=["str"] * 4 + ["number"], type="array", interactive=False, wrap=True, max_height=360,
        label="书架 Shelf", column_widths=_WIDTHS, elem_id="kj-shelf",
    )  # fmt: skip
    remove = gr.Button(REMOVE, variant="stop", visible=False, size="sm")
    with gr.Row(visible=False) as sure:
        yes, no = gr.Button(SURE, variant="stop", size="sm"), gr.Button(KEEP, size="sm")
    article = gr.HTML(render.status_html(_PICK), elem_id="kj-article", js_on_load=None)
    listing: dict[str, Any] = {"fn": shelf.listing, "inputs": [words, city], "outputs": [table, city, health], **QUICK}
    taken = take.click(
        shelf.take, [files, urls, running], [report, files, urls, running],
        concurrency_limit=1, concurrency_id="ingest", **LONG,
    )  # fmt: skip
    taken.then(**listing)
    words.change(**listing)
    city.input(**listing)
    check.click(shelf.check, None, health, **QUICK)
    table.select(shelf.open, None, [article, opened, remove, sure], **QUICK)
    remove.click(lambda: _asked(True, True), None, [remove, sure], **QUICK)
    no.click(lambda: _asked(True, False), None, [remove, sure], **QUICK)
    removed = yes.click(shelf.remove, opened, [article, opened, remove, sure], **QUICK)
    removed.then(**listing)
    app.load(**listing)
    return taken, removed
