"""What happens to sound: pure, in sample time. No sockets, threads, clocks or files."""
