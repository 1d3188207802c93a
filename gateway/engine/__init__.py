"""Where recognition runs: worker processes, supervised."""
