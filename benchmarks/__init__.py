"""How fast a generated service is, beside what people use instead; `benchmarks/README.md` says how to run it."""
