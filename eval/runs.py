"""Runs on disk: a folder each, with what was run, the facts as they were, and one outcome a line.

``run.json`` is a ``RunInfo``, ``facts.yaml`` a copy of the facts, ``outcomes.jsonl`` what was made of them, and
``cleaning.json`` how well pages were restored, where that was measured. An outcome is on disk before the next question
is asked, so that a run may be stopped at any moment and resumed. All scores follow from the folder alone.
"""

from __future__ import annotations

import json
import logging
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from eval.facts import Fact, load_facts
from eval.outcome import Outcome
from eval.selection import on_shelf
from library.errors import UsageError

log = logging.getLogger(__name__)
_INFO, _FACTS, _OUTCOMES, _CLEANING = "run.json", "facts.yaml", "outcomes.jsonl", "cleaning.json"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What was run, and with what. Two that agree in all but ``id`` and ``started`` are parts of one run.

    ``suite`` names the floors that hold for it, and is empty where questions were picked by hand. ``asked`` and
    ``skipped`` are ids of facts, ``absent`` names of their articles that are not on the shelf, ``systems`` names.
    ``settings`` are those that can change an answer; ``code`` is the hash of the source that makes answers, ``pages``
    that of the articles on the shelf.
    """

    suite: str
    asked: tuple[str, ...]
    skipped: tuple[str, ...]
    absent: tuple[str, ...]
    systems: tuple[str, ...]
    facts_file: str
    facts_sha256: str
    pages: str
    articles: int
    model: str
    encoder: str
    settings: dict[str, Any]
    versions: dict[str, str]
    code: str
    id: str = ""
    started: str = ""

    def unlike(self, other: RunInfo) -> list[str]:
        """The names of what differs, ``id`` and ``started`` apart."""
        names = [f.name for f in fields(self) if f.name not in ("id", "started")]
        return [name for name in names if getattr(self, name) != getattr(other, name)]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> RunInfo:
        """The inverse of ``to_dict``, also for what has been through JSON.

        Raises:
            TypeError, KeyError: a field is missing or unknown.
        """
        return cls(**{**given, **{name: tuple(given[name]) for name in ("asked", "skipped", "absent", "systems")}})


class Run:
    """A stored run. Reading it never writes; ``writing`` takes its lock."""

    def __init__(self, folder: Path) -> None:
        """Opens the run in ``folder``.

        Raises:
            UsageError: there is none, or its run.json is not one of this version.
        """
        self.folder = folder
        try:
            self.info = RunInfo.from_dict(json.loads((folder / _INFO).read_text("utf-8")))
        except FileNotFoundError as error:
            raise UsageError(f"{folder} is no run: it has no {_INFO}. See: kejian eval runs") from error
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UsageError(f"{folder / _INFO} can't be read ({error}). Remove the folder, or run anew.") from error

    def facts(self) -> list[Fact]:
        """The facts that were asked, in order, with the gold that was on the shelf.

        Raises:
            UsageError: the copy of the facts can't be read, or lacks one that was asked.
        """
        known = {fact.id: fact for fact in load_facts(self.folder / _FACTS)}
        if lost := [id for id in self.info.asked if id not in known]:
            raise UsageError(f"{self.folder / _FACTS} lacks {lost[0]!r}, which was asked. Run anew with --fresh.")
        return [on_shelf(known[id], self.info.absent) for id in self.info.asked]

    def outcomes(self, system: str = "") -> list[Outcome]:
        """What was made so far, in the order of asking; of one system only, where one is named.

        Raises:
            UsageError: a line but the last is not an outcome. A torn last line is what a killed run leaves.
        """
        lines = self._whole_lines()
        found = [self._outcome(line, n) for n, line in enumerate(lines, 1)]
        return [o for o in found if not system or o.system == system]

    def missing(self) -> list[tuple[str, str]]:
        """``(fact id, system)`` of what is still to be asked: every system of one question, then the next one."""
        done = {(o.id, o.system) for o in self.outcomes()}
        every = [(id, system) for id in self.info.asked for system in self.info.systems]
        return [pair for pair in every if pair not in done]

    @property
    def finished(self) -> bool:
        return not self.missing()

    def cleaning(self) -> dict[str, float | None]:
        """The scores of ``eval.cleaning`` that belong to the run; empty where they were not measured.

        Raises:
            UsageError: they can't be read.
        """
        path = self.folder / _CLEANING
        try:
            return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"{path} can't be read ({error}). Remove it, and it is measured again.") from error

    def keep_cleaning(self, scores: Mapping[str, float | None]) -> None:
        (self.folder / _CLEANING).write_text(json.dumps(scores), "utf-8")

    @contextmanager
    def writing(self) -> Iterator[Callable[[Outcome], None]]:
        """Yields a function that puts an outcome on disk.

        Raises:
            UsageError: another process is at this run.
        """
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(f"Another process is at run {self.info.id}. Wait for it, or use --fresh.") from None
        try:
            whole = sum(len(line) + 1 for line in self._whole_lines())
            with (self.folder / _OUTCOMES).open("ab") as file:
                file.truncate(whole)
                yield lambda outcome: _append(file, outcome)
        finally:
            lock.release()

    def _whole_lines(self) -> list[bytes]:
        path = self.folder / _OUTCOMES
        return path.read_bytes().split(b"\n")[:-1] if path.exists() else []

    def _outcome(self, line: bytes, n: int) -> Outcome:
        try:
            return Outcome.from_dict(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            where = f"{self.folder / _OUTCOMES}, line {n}"
            raise UsageError(f"{where} is no outcome ({error}). Remove the line, and it is asked again.") from error


class RunStore:
    """The folder of all runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def runs(self) -> list[Run]:
        """All that can be read, newest first."""
        found = []
        for path in self.folder.glob(f"*/{_INFO}"):
            try:
                found.append(Run(path.parent))
            except UsageError as error:
                log.warning("%s", error)
        return sorted(found, key=lambda run: (run.info.started, run.info.id), reverse=True)

    def find(self, name: str) -> Run:
        """A run by its id, by how its id begins, by its folder, or the newest by ``latest``.

        Raises:
            UsageError: none is called so, or several are.
        """
        if (Path(name) / _INFO).exists():
            return Run(Path(name))
        runs = self.runs()
        fitting = runs[:1] if name == "latest" else [run for run in runs if name and run.info.id.startswith(name)]
        if len(fitting) == 1:
            return fitting[0]
        problem = "Several runs begin" if fitting else "No run begins"
        raise UsageError(f"{problem} with {name!r} in {self.folder}. See: kejian eval runs")

    def unfinished(self, info: RunInfo) -> Run | None:
        """The newest run of the same that was stopped before its end."""
        return next((run for run in self.runs() if not info.unlike(run.info) and not run.finished), None)

    def start(self, info: RunInfo, facts: Path) -> Run:
        """A new run, with a copy of the file ``facts``.

        Raises:
            UsageError: the folder can't be written.
        """
        now = datetime.now(UTC)
        info = replace(
            info, id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}", started=now.isoformat(timespec="seconds")
        )
        folder = self.folder / info.id
        try:
            folder.mkdir(parents=True)
            shutil.copyfile(facts, folder / _FACTS)
            # Last, for it makes the folder a run.
            (folder / _INFO).write_text(json.dumps(info.to_dict(), ensure_ascii=False, indent=1), "utf-8")
        except OSError as error:
            raise UsageError(f"No run can be kept in {self.folder} ({error.strerror}). Name one: --runs DIR") from error
        return Run(folder)


def _append(file: BinaryIO, outcome: Outcome) -> None:
    file.write(json.dumps(outcome.to_dict(), ensure_ascii=False).encode("utf-8") + b"\n")
    file.flush()
