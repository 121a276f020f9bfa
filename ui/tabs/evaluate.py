"""The evaluation tab: questions with known answers are asked, and every failure is shown with its evidence."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from eval.metrics import METRICS, Score
from eval.report import report_html
from eval.run import Evaluation, ask_missing
from eval.runs import RunStore
from eval.selection import Choice
from eval.systems import open_systems
from library.library import Library
from rag import Assistant
from ui import jobs
from ui.facts import Asked, begin_run, judged, open_samples
from ui.readiness import Readiness
from ui.render import frame_html, problem_html, status_html, step_html
from ui.tabs.parts import LONG, QUICK, is_running, running_job

RUN = "开始评测 Evaluate"
_SETS = [
    ("示例题二十道 Twenty samples", "ci"),
    ("示例题全部 All samples", "all"),
    ("自己的题 My own questions", "mine"),
]
_HEADINGS = ["指标 Measure", "得分 Score", "95% 区间 Interval"]


class Evaluations:
    """The tab's handlers; runs are kept in the folder of runs, so one that was cancelled is gone on with."""

    def __init__(self, library: Library, assistant: Assistant, readiness: Readiness | None = None) -> None:
        self._library, self._assistant, self._readiness = library, assistant, readiness

    def run(
        self, choice: str, file: str | None, limit: float | None, running: threading.Event | None
    ) -> Iterator[tuple[Any, ...]]:
        """Asks and judges: state, scores, report, its file, and the job."""
        if is_running(running):
            yield *[gr.skip()] * 4, running
            return
        if choice == "mine" and not file:
            said = "先选题库文件 Choose a file of questions first (facts.yaml; docs/evaluation.md shows its form)."
            yield status_html(said), *[gr.skip()] * 3, None
            return
        stop = threading.Event()

        def work(progress: Any) -> Evaluation:
            progress(0, 0, "载入模型，备书架 loading the models and the shelf")
            if self._readiness is not None:
                self._readiness.load()
            return self._evaluated(Path(file or "") if choice == "mine" else None, choice, int(limit or 0), progress)

        with tempfile.TemporaryDirectory(prefix="kejian-") as folder:
            for update in jobs.follow(work, stop):
                match update:
                    case jobs.Step():
                        yield step_html(update), *[gr.skip()] * 3, stop
                    case jobs.Done(evaluation):
                        page = report_html(evaluation)
                        place = Path(folder) / f"kejian-evaluation-{evaluation.info.id}.html"
                        place.write_text(page, "utf-8")
                        shown = frame_html(page, "评测报告 Report")
                        yield status_html(_summary(evaluation)), scores(evaluation), shown, _file(place), None
                    case jobs.Problem(message):
                        yield problem_html(message), *[gr.skip()] * 3, None
                    case jobs.Stopped():
                        said = "已取消，下次接着问 Cancelled; the next run goes on from here."
                        yield status_html(said), *[gr.skip()] * 3, None

    def _evaluated(self, mine: Path | None, suite: Any, limit: int, progress: Any) -> Evaluation:
        store = RunStore(self._library.settings.runs)
        if mine:
            return self._asked(Asked(mine, (), ("kejian",), Choice(limit=limit)), self._assistant, store, progress)
        with open_samples(self._library.settings, (), self._library.encoder) as samples:
            assistant = Assistant(
                samples, self._library.settings, self._assistant.model
            )  # one model in memory, not two
            asked = Asked(None, (), ("kejian",), Choice(suite=suite, limit=limit))
            return self._asked(asked, assistant, store, progress)

    def _asked(self, asked: Asked, assistant: Assistant, store: RunStore, progress: Any) -> Evaluation:
        run, _ = begin_run(asked, assistant, store)
        ask_missing(run, open_systems(asked.systems, assistant), progress)
        progress(1, 1, "评分 judging")
        return judged(run)


def scores(evaluation: Evaluation) -> Any:
    """The scores with their intervals, as a table."""
    overall = evaluation.scores[evaluation.main].overall
    rows = [
        [name.replace("_", " "), f"{overall[name].value:.3f}", _interval(overall[name])]
        for name in METRICS
        if overall[name].value is not None
    ]
    return gr.Dataframe(rows, visible=True)


def _interval(score: Score) -> str:
    return "" if score.low is None or score.high is None else f"{score.low:.3f} – {score.high:.3f}"


def _summary(evaluation: Evaluation) -> str:
    rows = evaluation.judged[evaluation.main]
    right = sum(bool(row.verdict.correct) for row in rows)
    return f"{len(rows)} 题，答对 {right}。{right} of {len(rows)} right; run {evaluation.info.id}"


def _file(place: Path) -> Any:
    return gr.File(str(place), visible=True)


def evaluate_tab(tab: Evaluations) -> None:
    """Lays the tab out and wires it."""
    with gr.Row():
        choice = gr.Dropdown(_SETS, value="ci", label="题库 Questions", min_width=260, scale=2)
        limit = gr.Number(0, label="最多几题 At most (0: 全部 all)", minimum=0, precision=0, min_width=160, scale=1)
        file = gr.File(label="自己的题库 My questions (.yaml)", height=90, visible=False, elem_id="kj-facts", scale=2)
    begin, running = running_job(RUN)
    state = gr.HTML("", elem_id="kj-eval-state", js_on_load=None)
    table = gr.Dataframe(
        headers=_HEADINGS, datatype="str", type="array", interactive=False, visible=False, label="得分 Scores",
        elem_id="kj-scores",
    )  # fmt: skip
    report_file = gr.File(label="下载报告 Download the report", interactive=False, visible=False)
    report = gr.HTML("", elem_id="kj-eval-report", js_on_load=None)
    choice.input(lambda chosen: gr.File(visible=chosen == "mine"), choice, file, **QUICK)
    begin.click(
        tab.run, [choice, file, limit, running], [state, table, report, report_file, running],
        concurrency_limit=1, concurrency_id="evaluate", **LONG,
    )  # fmt: skip
