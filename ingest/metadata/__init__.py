"""What a page says of itself: title, city and bureau, people, date, source, and who made it."""

from ingest.metadata.finder import Metadata, find_metadata

__all__ = ["Metadata", "find_metadata"]
