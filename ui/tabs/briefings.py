"""The briefings tab: articles, a city or a topic as a briefing to read and to take away; and all of the shelf."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from library.library import Library
from library.records import Briefing, Summary
from rag import Filters
from rag.brief import choose_articles, write_brief
from rag.export import FORMATS, export_library, render
from rag.llm import ChatModel
from ui import jobs
from ui.readiness import Readiness
from ui.render import city_label, frame_html, problem_html, status_html, step_html
from ui.tabs.parts import ANY_CITY, LONG, is_running, running_job

LANGUAGES = [("英文 English", "en"), ("中文 Chinese", "zh"), ("双语 Both", "both")]
WRITE, EXPORT = "写简报 Write the briefing", "导出全部 Export all"
_FORMS = ("docx", "html", "md", "json")
_NO_WORD = re.compile(r"\W+")


class Briefings:
    """The tab's handlers. It keeps nothing of its users."""

    def __init__(self, library: Library, model: ChatModel | None, readiness: Readiness | None = None) -> None:
        self._library, self._model, self._readiness = library, model, readiness

    def shelf(self) -> tuple[Any, Any, Any]:
        """The articles and the cities to choose from, as the shelf is now."""
        articles = [(_label(row), row.id) for row in self._library.articles()]
        cities = [ANY_CITY, *((city_label(c), c) for c in self._library.cities())]
        return gr.Dropdown(choices=articles), gr.Dropdown(choices=cities), gr.Dropdown(choices=cities)

    def write(
        self, ids: list[str] | None, city: str, topic: str, language: str, running: threading.Event | None
    ) -> Iterator[tuple[Any, ...]]:
        """Writes a briefing and tells how far it is: state, preview, files, and the job."""
        topic, ids = (topic or "").strip(), ids or []
        if is_running(running):
            yield gr.skip(), gr.skip(), gr.skip(), running
            return
        if not (ids or city or topic):
            said = "先选文章、城市或写下主题 Choose articles, a city or a topic first."
            yield status_html(said), gr.skip(), gr.skip(), None
            return
        stop = threading.Event()

        def work(progress: Any) -> Any:
            self._load(language, progress)
            chosen = choose_articles(self._library, ids, topic, Filters(city or ""))
            progress(0, 0, f"选句，文章 choosing sentences, articles: {len(chosen)}")
            briefing = write_brief(
                self._library, self._model, chosen, language, topic,
                lambda done, total: progress(done, total, "逐句翻译、核对 sentences translated and checked"),
            )  # fmt: skip
            return briefing, files_of(briefing, Path(folder))

        with tempfile.TemporaryDirectory(prefix="kejian-") as folder:
            for update in jobs.follow(work, stop):
                yield _written(update, stop)

    def export(
        self, forms: list[str], language: str, city: str, running: threading.Event | None
    ) -> Iterator[tuple[Any, ...]]:
        """Summaries of all articles as one archive; what was finished before it was cancelled is not made again."""
        if is_running(running):
            yield gr.skip(), gr.skip(), running
            return
        if not forms:
            yield status_html("至少选一种格式 Choose one format at least."), gr.skip(), None
            return
        stop = threading.Event()

        def work(progress: Any) -> Any:
            self._load(language, progress)
            kept = self._library.folder / "exports" / f"{language}-{city or 'all'}"
            for old in kept.glob("*"):  # of other formats, or of articles that are gone; the finished summaries stay
                if old.name != ".kejian":
                    shutil.rmtree(old) if old.is_dir() else old.unlink()
            filters = Filters(city or "")
            report = export_library(self._library, self._model, kept, forms, language, filters, progress, volume=True)
            return report, _archive(kept, Path(folder))

        with tempfile.TemporaryDirectory(prefix="kejian-") as folder:
            for update in jobs.follow(work, stop):
                yield _exported(update, stop)

    def _load(self, language: str, progress: Any) -> None:
        progress(0, 0, "载入模型 loading the models")
        if self._readiness is not None and language != "zh":
            self._readiness.load()


def _written(update: jobs.Update, stop: threading.Event) -> tuple[Any, ...]:
    match update:
        case jobs.Step():
            return step_html(update), gr.skip(), gr.skip(), stop
        case jobs.Done((briefing, files)):
            points = sum(len(section.points) for section in briefing.sections)
            said = f"写好了 Written: {points} 点 points, {briefing.seconds:.0f} s"
            shown = frame_html(render(briefing, "html").decode(), "简报 Briefing")
            return status_html(said), shown, gr.File(files, visible=True), None
        case jobs.Problem(message):
            return problem_html(message), gr.skip(), gr.skip(), None
        case _:
            return status_html("已取消 Cancelled."), gr.skip(), gr.skip(), None


def _exported(update: jobs.Update, stop: threading.Event) -> tuple[Any, ...]:
    match update:
        case jobs.Step():
            return step_html(update), gr.skip(), stop
        case jobs.Done((report, archive)):
            said = f"导出完成 Exported: {report.written} written, {report.skipped} already done"
            lost = "".join(problem_html(f"{f.path}: {f.reason}") for f in report.failed)
            return status_html(said) + lost, gr.File(archive, visible=True), None
        case jobs.Problem(message):
            return problem_html(message), gr.skip(), None
        case _:
            said = "已取消，写好的会留着，再按导出就接着做 Cancelled; what is finished is kept for the next time."
            return status_html(said), gr.skip(), None


def files_of(briefing: Briefing, folder: Path) -> list[str]:
    """The briefing in every format, in that folder; their names are the title's words."""
    title = briefing.title_zh if briefing.language == "zh" else briefing.title_en or briefing.title_zh
    stem = _NO_WORD.sub("-", title).strip("-")[:60] or "briefing"
    for form in _FORMS:
        (folder / f"{stem}.{form}").write_bytes(render(briefing, form))
    return [str(folder / f"{stem}.{form}") for form in _FORMS]


def _archive(kept: Path, folder: Path) -> str:
    shutil.copytree(kept, folder / "summaries", ignore=shutil.ignore_patterns(".kejian"))
    return shutil.make_archive(str(folder / "kejian-summaries"), "zip", folder / "summaries")


def _label(row: Summary) -> str:
    return " · ".join(part for part in (row.title or row.uri.rsplit("/", 1)[-1], row.city, row.published) if part)


def briefings_tab(app: gr.Blocks, tab: Briefings, changes: Sequence[Any] = ()) -> None:
    """Lays the tab out and wires it; after ``changes`` the shelf is another."""
    with gr.Row():
        ids = gr.Dropdown([], multiselect=True, label="文章 Articles", min_width=300, scale=3, elem_id="kj-brief-ids")
        city = gr.Dropdown([ANY_CITY], value="", label="或城市 or a city", min_width=140, scale=1)
        topic = gr.Textbox(
            label="或主题 or a topic", placeholder="高企目标 high-tech enterprise targets", max_length=200,
            min_width=200, scale=2,
        )  # fmt: skip
        language = gr.Dropdown(LANGUAGES, value="en", label="语言 Language", min_width=140, scale=1)
    write, writing = running_job(WRITE)
    state = gr.HTML("", elem_id="kj-brief-state", js_on_load=None)
    files = gr.File(
        label="下载 Download", file_count="multiple", interactive=False, visible=False, elem_id="kj-brief-files"
    )
    preview = gr.HTML("", elem_id="kj-brief", js_on_load=None)
    with gr.Accordion("每篇一份摘要，打包下载 A summary of every article, as one archive", open=False):
        with gr.Row():
            forms = gr.CheckboxGroup(
                list(FORMATS), value=["docx", "xlsx"], label="格式 Formats", min_width=300, scale=3
            )
            export_language = gr.Dropdown(LANGUAGES, value="both", label="摘要语言 Summaries in", min_width=140)
            export_city = gr.Dropdown([ANY_CITY], value="", label="只要城市 Only of", min_width=140)
        export, exporting = running_job(EXPORT)
        export_state = gr.HTML("", elem_id="kj-export-state", js_on_load=None)
        archive = gr.File(label="下载 Download", interactive=False, visible=False, elem_id="kj-archive")
    write.click(
        tab.write, [ids, city, topic, language, writing], [state, preview, files, writing],
        concurrency_limit=2, concurrency_id="brief", **LONG,
    )  # fmt: skip
    export.click(
        tab.export, [forms, export_language, export_city, exporting], [export_state, archive, exporting],
        concurrency_limit=1, concurrency_id="export", **LONG,
    )  # fmt: skip
    for event in (app.load, *(change.then for change in changes)):
        event(tab.shelf, None, [ids, city, export_city], queue=False, show_progress="hidden", api_visibility="private")
