"""Who talks to whom, and what is allowed: sockets, processes, files, clocks. Never samples."""

import os

# One thread a recognition run. CTranslate2 is asked for one and starts a second all the same, which
# spins through most of the run: half as much again in CPU time for nothing. OpenMP reads this when
# it is loaded, so it stands before any import that loads it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
