"""The way out of one socket, and the log of what went."""
