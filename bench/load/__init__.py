"""The load generator: sockets, what they say and hear, and many of them at once."""
