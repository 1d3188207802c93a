"""Who talks to whom, and what is allowed: sockets, processes, files, clocks. Never samples."""
