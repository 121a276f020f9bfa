"""Case files of the cleaners: ``tests/ingest/cases/<cleaner>/<kind>.yaml``.

A kind is ``in_the_wild`` (forms that real pages have, in our words), ``negative`` (what must stay as it is),
``synthetic`` (made up to try an edge) or ``known_failure`` (not mended yet; fails the suite once it is).
A file is a list of cases with a ``name``, the reason (``why``), the ``raw`` text and the ``clean`` one.
A negative case needs no ``clean``: it stays ``raw``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

KINDS = ("in_the_wild", "negative", "synthetic", "known_failure")
_FOLDER = Path(__file__).parent / "cases"


def cases(cleaner: str) -> list[Any]:
    """Parameters ``raw, clean`` of every case of a cleaner, for ``pytest.mark.parametrize``.

    Raises:
        ValueError: the cleaner has no cases, or one has other keys than these four.
    """
    found = [_param(kind, case) for kind in KINDS for case in _read(_FOLDER / cleaner / f"{kind}.yaml")]
    if not found:
        raise ValueError(f"no cases in {_FOLDER / cleaner}")
    return found


def _read(path: Path) -> Iterator[dict[str, str]]:
    yield from (yaml.safe_load(path.read_text(encoding="utf-8")) or []) if path.is_file() else []


def _param(kind: str, case: dict[str, str]) -> Any:
    full = {"clean": case["raw"], **case} if kind == "negative" else case
    if set(full) != {"name", "why", "raw", "clean"}:
        raise ValueError(f"a case has name, why, raw and clean, this one {', '.join(case)}")
    marks = [pytest.mark.xfail(strict=True, reason=case["why"])] if kind == "known_failure" else []
    return pytest.param(full["raw"], full["clean"], id=f"{kind}-{case['name']}", marks=marks)
