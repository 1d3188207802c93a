"""Streaming recognition: window, words, stability, repetition guard."""
