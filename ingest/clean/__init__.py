"""Cleaners, one defect a file: pure functions from ``Text`` to ``Cleaned``."""

from collections.abc import Callable

from ingest.clean.boilerplate import remove_boilerplate
from ingest.clean.headers import remove_running_headers
from ingest.clean.lines import join_broken_lines
from ingest.clean.readings import remove_readings
from ingest.clean.script import fold_script
from ingest.clean.whitespace import tidy_whitespace
from ingest.origin import Cleaned, Text

Cleaner = Callable[[Text], Cleaned]

__all__ = [
    "Cleaner",
    "fold_script",
    "join_broken_lines",
    "remove_boilerplate",
    "remove_readings",
    "remove_running_headers",
    "tidy_whitespace",
]
