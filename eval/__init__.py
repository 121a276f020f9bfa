"""Judges the other rooms: facts that answers must state, metrics, and runs of them."""

from eval.facts import SAMPLE_FACTS, Fact, Gold, load_facts
from eval.run import FactsRun, run_facts
from eval.samples import samples_folder, samples_library

__all__ = ["SAMPLE_FACTS", "Fact", "FactsRun", "Gold", "load_facts", "run_facts", "samples_folder", "samples_library"]
