"""Judges the other rooms: facts that answers must state, metrics, and runs of them."""

from eval.facts import SAMPLE_FACTS, Fact, Gold, load_facts
from eval.run import Evaluation, ask_missing, describe, evaluate
from eval.runs import Run, RunInfo, RunStore
from eval.samples import samples_folder, samples_library

__all__ = [
    "SAMPLE_FACTS", "Evaluation", "Fact", "Gold", "Run", "RunInfo", "RunStore", "ask_missing", "describe", "evaluate",
    "load_facts", "samples_folder", "samples_library",
]  # fmt: skip
