"""How fast: connects, messages a second, from publish to frame, back after a crash."""
