"""Speech made for fixtures and benchmarks: text in, sound and the truth about it out.

`synthesis` speaks, `script` reads the notation in which lines are written, `alignment` finds known
words in any recording, `sound` sets levels and writes files. Nothing here ships with the gateway.
"""
