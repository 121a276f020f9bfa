"""A question on its way out: retrieve, evidence, generate, verify, answer; briefings and exports."""

from rag.assistant import Assistant
from rag.retrieve import Filters

__all__ = ["Assistant", "Filters"]
