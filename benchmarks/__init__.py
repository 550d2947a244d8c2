"""Benchmarks of a generated service beside alternatives; `benchmarks/README.md` says how to run them."""
