"""From paths and URLs to raw pages: finding them, reading their bytes, decoding, each format to text.

One file a format stands below this face; which one reads a page is decided by what the page holds.
"""

from ingest.loaders.finding import find_sources
from ingest.loaders.reading import read_page
from ingest.loaders.source import RawPage, Source, sha256
from ingest.loaders.urls import is_url

__all__ = ["RawPage", "Source", "find_sources", "is_url", "read_page", "sha256"]
