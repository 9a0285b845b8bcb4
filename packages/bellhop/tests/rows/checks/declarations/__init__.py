"""Checks of what a project declares."""
