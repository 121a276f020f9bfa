"""The targets tab: the table with filters, the quote of a row, and a chart that sets cities side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr
import pandas as pd

from ingest import read_targets
from library.errors import NotFoundError
from library.library import Library
from library.records import Target
from rag.targets import choose_targets, target_row
from ui import render
from ui.tabs.parts import ANY_CITY, QUICK

_COLUMNS = ("#", "城市 City", "指标", "Indicator", "目标", "Target", "年份 Year")
_WIDTHS = ["60px", "90px", "270px", "310px", "160px", "180px", "90px"]
_HINT = '<p class="kj-small">点一行，看它的出处 Select a row to see the sentence that states it.</p>'
_NONE = '<p class="kj-notice" role="status">没有符合的目标 No target fits.</p>'
Targets = tuple[Target, ...]


class TargetsTab:
    """The tab's handlers; what a user has chosen lives in the user's own ``gr.State``."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def shelf(self) -> tuple[Any, Any]:
        """The filters as the shelf is now."""
        read_targets(self._library)
        every = choose_targets(self._library)
        cities = sorted({t.city for t in every if t.city})
        years = sorted({t.year for t in every if t.year}, reverse=True)
        return (
            gr.Dropdown(choices=[ANY_CITY, *((render.city_label(c), c) for c in cities)]),
            gr.Dropdown(choices=[ANY_CITY, *((str(y), str(y)) for y in years)]),
        )

    def choose(self, city: str, indicator: str, year: str) -> tuple[Any, Targets, str, Any, Any]:
        """The table's rows, the targets behind them, an empty quote, and what can be compared of them."""
        found = choose_targets(self._library, city or "", (indicator or "").strip())
        chosen = tuple(t for t in found if not year or str(t.year) == year)
        rows = [[n, *target_row(t)[:-1]] for n, t in enumerate(chosen, 1)]
        names = comparable(chosen)
        first = names[0] if names else ""
        return rows, chosen, _HINT if rows else _NONE, gr.Dropdown(choices=names, value=first), chart(chosen, first)

    def quote(self, chosen: Targets, event: gr.SelectData) -> str:
        """The sentence of the row that was selected, in its article. Rows are known by their number, however sorted."""
        target = chosen[int(event.row_value[0]) - 1]
        try:
            article = self._library.get(target.article_id)
        except NotFoundError as error:
            return render.problem_html(str(error))
        cited = article.cite(1, target.start, target.end)
        shown = render.excerpt(article, target.start, target.end)
        raw = render.excerpt_of(self._library.raw(article.id), cited.raw_start, cited.raw_end)
        return render.quote_html(shown, raw, cited)


def comparable(targets: Sequence[Target]) -> list[str]:
    """Indicators that can be charted, those of most cities first."""
    cities: dict[str, set[str]] = {}
    for target in targets:
        cities.setdefault(_name(target), set()).add(target.city)
    return sorted(cities, key=lambda name: (-len(cities[name]), name))


def chart(targets: Sequence[Target], name: str) -> Any:
    """Bars of one indicator by city; of a city's several, the latest."""
    latest: dict[str, Target] = {}
    for target in targets:
        if _name(target) == name and (target.year or 0) >= (latest.get(target.city, target).year or 0):
            latest[target.city] = target
    unit = next((t.unit for t in latest.values()), "")
    rows = [(render.city_label(t.city) or "—", t.value, str(t.year or "")) for t in latest.values()]
    frame = pd.DataFrame(rows, columns=["city", "value", "year"])
    return gr.BarPlot(frame, x="city", y="value", title=name, x_title="", y_title=unit, sort="-y", visible=bool(rows))


def _name(target: Target) -> str:
    """The indicator with its unit: what can be set side by side."""
    unit = f" ({target.unit})" if target.unit else ""
    return f"{target.indicator_en or target.indicator}{unit}"


def targets_tab(app: gr.Blocks, tab: TargetsTab, changes: Sequence[Any] = ()) -> None:
    """Lays the tab out and wires it; after ``changes`` the shelf is another."""
    chosen = gr.State(())
    with gr.Row():
        city = gr.Dropdown([ANY_CITY], value="", label="城市 City", min_width=140, elem_id="kj-target-city")
        indicator = gr.Textbox(label="指标 Indicator", placeholder="高企, R&D spending …", min_width=200, max_length=60)
        year = gr.Dropdown([ANY_CITY], value="", label="年份 Year", min_width=120)
    table = gr.Dataframe(
        headers=list(_COLUMNS), datatype=["number", *["str"] * 6], type="array", interactive=False, wrap=True,
        label="量化目标 Quantitative targets", column_widths=_WIDTHS, show_search="none", elem_id="kj-targets",
    )  # fmt: skip
    quote = gr.HTML(_HINT, elem_id="kj-target-quote", js_on_load=None)
    compared = gr.Dropdown([], label="比较的指标 Compare cities on", elem_id="kj-compare")
    bars = gr.BarPlot(visible=False, height=280, elem_id="kj-target-chart")
    choosing: dict[str, Any] = {
        "fn": tab.choose, "inputs": [city, indicator, year], "outputs": [table, chosen, quote, compared, bars], **QUICK,
    }  # fmt: skip
    for given in (city, year):
        given.input(**choosing)
    indicator.change(**choosing)
    table.select(tab.quote, chosen, quote, **QUICK)
    compared.input(lambda targets, name: chart(targets, name), [chosen, compared], bars, **QUICK)
    for event in (app.load, *(change.then for change in changes)):
        event(tab.shelf, None, [city, year], **QUICK).then(**choosing)
