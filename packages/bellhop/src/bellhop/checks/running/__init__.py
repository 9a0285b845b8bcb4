"""Tries the set-up that runs, part by part, and says in a line each what is there and what is missing."""
