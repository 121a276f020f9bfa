"""Benchmarks on corpora of the user's: each by its name."""
