"""What a benchmark has made so far, on disk: a folder a run, one record a line, so that a run can be resumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from eval.outcome import Outcome
from eval.provenance import digest
from library.errors import UsageError

Record = dict[str, Any]


class Journal:
    """A run's folder. Two runs of the same ``info`` share one: the later goes on where the earlier was stopped."""

    def __init__(self, runs: Path, info: Record) -> None:
        """Finds or makes the folder in ``runs``.

        Args:
            runs: the folder of all runs.
            info: what decides the records, as JSON: benchmark, corpus, choices, settings, versions. Stored beside them.

        Raises:
            UsageError: the folder can't be written.
        """
        text = json.dumps(info, ensure_ascii=False, indent=1, sort_keys=True)
        self.folder = runs / f"bench-{info['bench']}-{digest([text])[:12]}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "bench.json").write_text(text, "utf-8")
        except OSError as error:
            raise UsageError(f"No run can be kept in {runs} ({error.strerror}). Set KEJIAN_RUNS.") from error

    def records(self, name: str) -> list[Record]:
        """What was recorded under a name, in order; a torn last line is what a killed run leaves, and is left out."""
        path = self.folder / f"{name}.jsonl"
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]

    def outcomes(self, name: str) -> list[Outcome]:
        """The records of a name that ``Outcome.to_dict`` made."""
        return [Outcome.from_dict(record) for record in self.records(name)]

    @contextmanager
    def writing(self, name: str) -> Iterator[Callable[[Record], None]]:
        """Yields a function that puts a record on disk under that name.

        Raises:
            UsageError: another process is at this run.
        """
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(f"Another process is at the run in {self.folder}. Wait for it.") from None
        path = self.folder / f"{name}.jsonl"
        try:
            with path.open("ab") as file:
                file.truncate(path.read_bytes().rfind(b"\n") + 1)

                def append(record: Record) -> None:
                    file.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")
                    file.flush()

                yield append
        finally:
            lock.release()

    def finish(self, scores: Record) -> None:
        """Keeps the scores beside the records, whole or not at all."""
        partial = self.folder / "scores.json.partial"
        partial.write_text(json.dumps(scores, ensure_ascii=False, indent=1), "utf-8")
        partial.replace(self.folder / "scores.json")
