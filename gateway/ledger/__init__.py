"""Custody: the hash-chained record of every decision."""

from gateway.ledger.chain import Entry, Ledger, LedgerError, Verification, read, verify

__all__ = ["Entry", "Ledger", "LedgerError", "Verification", "read", "verify"]
