"""Measures of speed: connects, messages a second, from publish to frame, back after a crash."""
