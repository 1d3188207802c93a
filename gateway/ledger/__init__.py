"""Custody: the hash-chained record of every decision."""
