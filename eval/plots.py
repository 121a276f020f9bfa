"""The report's plots: static SVG that takes the page's own text colour, so that it reads in light and in dark."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

Interval = tuple[float, float, float]
"""A value with the ends of its interval, ``(value, low, high)``."""

# Told apart by the colour-blind, on white and on near black; the markers tell them apart in grey.
_COLOURS = ("#3b8ede", "#d98200", "#1fa37a", "#c56bb0", "#8a8f98", "#c0504d")
_MARKERS = "osD^vP"
_INK = "#010203"  # no such colour is used otherwise: it becomes the page's text colour
_WIDTH = 8.2  # inches
_STYLE = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10, "text.color": _INK, "axes.edgecolor": _INK,
    "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False, "axes.grid.axis": "x", "grid.alpha": 0.2, "grid.color": _INK,
}  # fmt: skip


def intervals_svg(rows: Mapping[str, Mapping[str, Interval]], series: Sequence[str]) -> str:
    """A row a metric, a dot a system, with intervals; scores from 0 to 1.

    Args:
        rows: by metric, by series; what a series does not have is left out.
        series: in the order of their colours.
    """

    def draw(axes: Any) -> None:
        step = 0.8 / max(len(series), 1)
        for n, name in enumerate(series):
            found = [(i, row[name]) for i, row in enumerate(rows.values()) if name in row]
            if found:
                at = [i + (n - (len(series) - 1) / 2) * step for i, _ in found]
                values = [v for _, (v, _, _) in found]
                spread = [[max(v - low, 0.0) for _, (v, low, _) in found], [max(h - v, 0.0) for _, (v, _, h) in found]]
                axes.errorbar(
                    values, at, xerr=spread, fmt=_MARKERS[n % len(_MARKERS)], color=_COLOURS[n % len(_COLOURS)],
                    markersize=5, elinewidth=1.3, label=name,
                )  # fmt: skip
        axes.set_yticks(range(len(rows)), list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.grid(True)

    return _svg(draw, 0.9 + len(rows) * (0.16 + 0.15 * len(series)))


def seconds_svg(seconds: Mapping[str, Sequence[float]]) -> str:
    """The share of questions that each system had answered after so many seconds."""

    def draw(axes: Any) -> None:
        for n, (name, values) in enumerate(seconds.items()):
            axes.ecdf(values, color=_COLOURS[n % len(_COLOURS)], label=name, linewidth=1.6)
        longest = max(max(values) for values in seconds.values())
        shortest = min(min(values) for values in seconds.values())
        if longest > 20 * max(shortest, 1e-3):
            axes.set_xscale("log")
        axes.set_xlabel("seconds a question")
        axes.set_ylabel("share of questions")
        axes.grid(True)

    return _svg(draw, 2.9) if any(map(len, seconds.values())) else ""


def _svg(draw: Any, height: float) -> str:
    from matplotlib import rc_context  # slow to load, and only reports need it
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        figure.legend(loc="outside upper left", ncols=6)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _embedded(file.getvalue())


def _embedded(svg: str) -> str:
    """Without what belongs to a file of its own: the head, and ids that nothing refers to, for plots share a page."""
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.S)
    referred = set(re.findall(r'(?:href="|url\()#([\w-]+)', svg))
    svg = re.sub(r' id="([\w-]+)"', lambda m: m[0] if m[1] in referred else "", svg)
    return re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', r'<svg viewBox="\1" role="img">', svg, count=1)
