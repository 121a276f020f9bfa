"""Cleaners, one defect a file: pure functions from ``Text`` to ``Cleaned``."""

from collections.abc import Callable

from ingest.clean.boilerplate import SharedLines, edge_lines, remove_boilerplate
from ingest.clean.credits import remove_credits
from ingest.clean.headers import remove_running_headers
from ingest.clean.lines import join_broken_lines
from ingest.clean.losses import flag_losses, restore_losses
from ingest.clean.mojibake import repair_mojibake
from ingest.clean.readings import remove_readings
from ingest.clean.script import fold_script
from ingest.clean.shift import repair_shift
from ingest.clean.whitespace import tidy_whitespace
from ingest.clean.width import widen_punctuation
from ingest.origin import Cleaned, Text

Cleaner = Callable[[Text], Cleaned]

__all__ = [
    "Cleaner",
    "SharedLines",
    "edge_lines",
    "flag_losses",
    "fold_script",
    "join_broken_lines",
    "remove_boilerplate",
    "remove_credits",
    "remove_readings",
    "remove_running_headers",
    "repair_mojibake",
    "repair_shift",
    "restore_losses",
    "tidy_whitespace",
    "widen_punctuation",
]
