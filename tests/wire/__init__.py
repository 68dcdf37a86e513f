"""What the Python suites speak to usher with: bytes over a socket, so that every bit can be wrong on purpose."""
