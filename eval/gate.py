"""The gate: floors under the scores, in one file, which rise by command and fall only with a reason.

A floor keeps its history, the last entry being in force, and a seal, a hash of the history: who edits a number by hand
breaks the seal, and the gate says so. A metric that was not measured is below its floor.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from eval.cleaning import CLEANING
from eval.metrics import LOWER_IS_BETTER, METRICS
from library.errors import UsageError

FLOORS = Path(__file__).with_name("floors.toml")

Measured = Mapping[str, Mapping[str, float | None]]
"""Scores from 0 to 1 by half (``all``, ``open``, ``held``) and metric; None where there was nothing to measure."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that a floor took: on which ISO date, by which run; ``reason`` where it was lowered."""

    value: float
    date: str
    run: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Floor:
    """What a metric must reach in a suite and a half of the facts; 0 while its history is empty.

    ``margin`` is how far below what was reached it is set, where that is not its suite's.
    """

    suite: str
    half: str
    metric: str
    margin: float | None = None
    history: tuple[Entry, ...] = ()
    seal: str = ""

    @property
    def name(self) -> str:
        return f"{self.suite}/{self.half}/{self.metric}"

    @property
    def value(self) -> float:
        return self.history[-1].value if self.history else 0.0

    def moved(self, entry: Entry) -> Floor:
        """The floor with a further entry, sealed."""
        history = (*self.history, entry)
        return replace(self, history=history, seal=_seal(self.name, history))


@dataclass(frozen=True, slots=True)
class Row:
    """A floor beside what a run reached; ``reached`` is None where the run did not measure it."""

    floor: Floor
    reached: float | None

    @property
    def fell(self) -> bool:
        return bool(self.floor.history) and (self.reached is None or self.reached < self.floor.value)

    def to_dict(self) -> dict[str, Any]:
        f = self.floor
        return {
            "suite": f.suite, "half": f.half, "metric": f.metric, "floor": f.value, "reached": self.reached,
            "fell": self.fell,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Floors:
    """All floors; ``margins`` says, by suite, how far below what was reached a floor is set."""

    floors: tuple[Floor, ...]
    margins: Mapping[str, float]

    def rows(self, suite: str, measured: Measured) -> list[Row]:
        """Every floor of the suite beside what was reached, for the halves that were asked.

        Raises:
            UsageError: no floor is for that suite and those halves, so that nothing would be checked.
        """
        rows = [Row(f, measured[f.half].get(f.metric)) for f in self.floors if f.suite == suite and f.half in measured]
        if not rows:
            raise UsageError(
                "There are no floors for these questions: they hold for the whole set, one half of it, or --suite ci."
            )
        return rows

    def raised(self, suite: str, measured: Measured, run: str, date: str) -> Floors:
        """With every floor of the suite at what the run reached less the margin, where that is higher."""
        moved = {}
        for row in self.rows(suite, measured):
            value = self._below(row.floor, row.reached or 0.0)
            if value > row.floor.value:
                moved[row.floor.name] = row.floor.moved(Entry(value, date, run))
        return self._with(moved)

    def lowered(self, name: str, measured: Measured, run: str, date: str, reason: str) -> Floors:
        """With one floor at what the run reached less the margin.

        Args:
            name: ``suite/half/metric``, as tables show it.
            measured: the run's scores.
            run: its id.
            date: today's, ISO.
            reason: why less is accepted, for whoever reads the file.

        Raises:
            UsageError: there is no such floor, no reason, nothing measured, or the run is not below the floor.
        """
        floor = next((f for f in self.floors if f.name == name), None)
        if floor is None:
            known = ", ".join(f.name for f in self.floors)
            raise UsageError(f"There is no floor {name!r}. Known are: {known}.")
        if not reason.strip():
            raise UsageError("A floor is lowered with a reason only. Say why: --reason TEXT")
        reached = measured.get(floor.half, {}).get(floor.metric)
        if reached is None or reached >= floor.value:
            raise UsageError(f"The run reached {reached} where the floor {name} is {floor.value}: nothing to lower.")
        entry = Entry(self._below(floor, reached), date, run, reason.strip())
        return self._with({name: floor.moved(entry)})

    def _below(self, floor: Floor, reached: float) -> float:
        """Rounded down to a thousandth; the small addend keeps 0.83 - 0.03 from becoming 0.799."""
        margin = self.margins.get(floor.suite, 0.0) if floor.margin is None else floor.margin
        return max(math.floor((reached - margin) * 1000 + 1e-6) / 1000, 0.0)

    def _with(self, moved: Mapping[str, Floor]) -> Floors:
        return replace(self, floors=tuple(moved.get(f.name, f) for f in self.floors))


def tampered(floors: Sequence[Floor]) -> list[str]:
    """What is wrong with the histories, a sentence each: lowered without a reason, or edited by hand."""
    problems = []
    for floor in floors:
        steps = zip(floor.history, floor.history[1:], strict=False)
        problems += [
            f"{floor.name} was lowered from {a.value} to {b.value} on {b.date} without a reason."
            for a, b in steps
            if b.value < a.value and not b.reason.strip()
        ]
        if floor.history and floor.seal != _seal(floor.name, floor.history):
            problems.append(f"{floor.name} was edited by hand: its seal does not fit its history.")
    return problems


def load_floors(path: Path = FLOORS) -> Floors:
    """The floors of a file.

    Raises:
        UsageError: it can't be read, or a floor was lowered without a reason or edited by hand.
    """
    try:
        given = tomlkit.parse(path.read_text("utf-8")).unwrap()
        floors = Floors(tuple(_floor(entry) for entry in given["floor"]), dict(given["margin"]))
        if unfit := [
            f.name for f in floors.floors if f.metric not in METRICS.keys() - LOWER_IS_BETTER | CLEANING.keys()
        ]:
            raise UsageError(f"{path.name}: {unfit[0]} is no score that a floor can be under.")
    except (OSError, UnicodeDecodeError, TOMLKitError, TypeError, KeyError) as error:
        raise UsageError(f"The floors {path} can't be read ({error}). Restore the file's last version.") from error
    if problems := tampered(floors.floors):
        raise UsageError(f"{path.name}: {' '.join(problems)} Floors move by: kejian eval gate --update or --lower")
    return floors


def save_floors(floors: Floors, path: Path = FLOORS) -> None:
    """Writes the floors; comments and layout of the file stay."""
    document = tomlkit.parse(path.read_text("utf-8"))
    tables: Any = document["floor"]
    for table, floor in zip(tables, floors.floors, strict=True):
        if floor.history:
            table["seal"] = floor.seal
            table["history"] = _history(floor.history)
    path.write_text(tomlkit.dumps(document), "utf-8")


def _history(history: Sequence[Entry]) -> Any:
    rows = tomlkit.array().multiline(True)
    for entry in history:
        row = tomlkit.inline_table()
        row.update({key: value for key, value in asdict(entry).items() if value != ""})
        rows.append(row)
    return rows


def _floor(given: dict[str, Any]) -> Floor:
    history = tuple(Entry(**entry) for entry in given.get("history", ()))
    return Floor(**{"seal": "", **given, "history": history})


def _seal(name: str, history: Sequence[Entry]) -> str:
    written = json.dumps([name, *map(asdict, history)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode("utf-8")).hexdigest()[:12]
