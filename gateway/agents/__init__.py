"""Agent legs: the protocols by which an AI agent is reached."""
