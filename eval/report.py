"""A run as one HTML file: tables, plots, every failure with its evidence; it loads nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval.compare import Comparison
from eval.metrics import LOWER_IS_BETTER, METRICS, QUANTILES, Judged, Score
from eval.plots import intervals_svg, seconds_svg
from eval.run import Evaluation
from library.errors import UsageError

_SLICES = {
    "half": "Half of the facts",
    "language": "Language",
    "kind": "Kind of question",
    "origin": "Where the answer stands",
}


def write_report(path: Path, evaluation: Evaluation, compared: Comparison | None = None) -> None:
    """Writes the report of a run.

    Args:
        path: the HTML file; an existing one is replaced.
        evaluation: the run, judged.
        compared: what changed since another run.

    Raises:
        UsageError: the file can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report_html(evaluation, compared), "utf-8")
    except OSError as error:
        raise UsageError(f"The report {path} can't be written ({error.strerror}). Name another file.") from error


def report_html(evaluation: Evaluation, compared: Comparison | None = None) -> str:
    """The report as HTML. Its numbers stand in it once more as JSON, in the element ``scores``."""
    environment = Environment(
        loader=PackageLoader("eval", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = _number
    overall = {name: scores.overall for name, scores in evaluation.scores.items()}
    names = [m for m in (*METRICS, *QUANTILES) if any(of[m].value is not None for of in overall.values())]
    return environment.get_template("report.html.j2").render(
        evaluation=evaluation,
        info=evaluation.info,
        systems=list(overall),
        metrics={name: {system: of[name] for system, of in overall.items()} for name in names},
        lower=LOWER_IS_BETTER,
        slices=_slices(evaluation, names),
        plot=Markup(_intervals(overall, names)),
        times=Markup(seconds_svg(_seconds(evaluation))),
        failures={name: [_failure(r) for r in rows if r.verdict.reason] for name, rows in evaluation.judged.items()},
        compared=compared,
        data=_embedded(evaluation.to_dict()),
    )


def _slices(evaluation: Evaluation, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By slice: its parts, and of each metric the main system's score in every part."""
    slices = evaluation.scores[evaluation.main].slices
    return {
        title: {
            "parts": list(slices[key]),
            "rows": {name: [part[name] for part in slices[key].values()] for name in names},
        }
        for key, title in _SLICES.items()
    }


def _intervals(overall: Mapping[str, Mapping[str, Score]], names: Sequence[str]) -> str:
    rows = {
        name.replace("_", " "): {
            system: (s.value, s.low if s.low is not None else s.value, s.high if s.high is not None else s.value)
            for system, of in overall.items()
            if (s := of[name]).value is not None
        }
        for name in names
        if name not in QUANTILES
    }
    return intervals_svg(rows, list(overall)) if rows else ""


def _seconds(evaluation: Evaluation) -> dict[str, list[float]]:
    return {
        name: [max(r.outcome.seconds, 0.001) for r in rows if r.outcome and not r.outcome.error]
        for name, rows in evaluation.judged.items()
        if any(r.outcome and not r.outcome.error for r in rows)
    }


def _failure(row: Judged) -> dict[str, Any]:
    answer = (row.outcome.answer if row.outcome else None) or {}
    return {
        "fact": row.fact, "reason": row.verdict.reason, "answer": answer.get("answer", ""),
        "sentences": answer.get("sentences", ()), "citations": answer.get("citations", ()),
        "gold": [(g.article, g.quote or _place(g.span)) for g in row.fact.gold],
    }  # fmt: skip


def _place(span: tuple[int, int] | None) -> str:
    return f"characters {span[0]}–{span[1]} of the file as it arrived" if span else ""


def _embedded(value: Any) -> Markup:
    """JSON that can stand in a script element, whatever text it holds."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"
