"""The shelf that ingest and rag share. The outside uses ``Library``, ``Settings``, records and errors."""

from library.library import Library
from library.settings import Settings

__all__ = ["Library", "Settings"]
