"""A raw page on its way in: load, repair, metadata, clean, chunks, shelf."""

from ingest.batch import clean_page, ingest, read_targets
from ingest.pipeline import CleanPage
from ingest.report import IngestReport

__all__ = ["CleanPage", "IngestReport", "clean_page", "ingest", "read_targets"]
