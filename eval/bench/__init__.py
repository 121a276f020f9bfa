"""Benchmarks over corpora that do not come with the project."""
