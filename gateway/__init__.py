"""Who talks to whom, and what is allowed: sockets, processes, files, clocks. Never samples."""

import os

# One thread a recognition run. A second one, of numpy's products, spins through much of the run:
# half as much again in CPU time for nothing. This is read when numpy is loaded, so it stands before
# any import that loads it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
