"""The benchmarks: figures of the whole, each by one command."""
