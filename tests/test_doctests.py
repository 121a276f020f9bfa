"""The examples in docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

ROOMS = ("lang", "library", "ingest", "rag")


def _modules() -> list[str]:
    found = []
    for room in ROOMS:
        package = importlib.import_module(room)
        found += [m.name for m in pkgutil.walk_packages(package.__path__, f"{room}.")]
    return sorted(found)


@pytest.mark.parametrize("name", _modules())
def test_examples_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0
