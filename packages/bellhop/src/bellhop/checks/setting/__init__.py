"""Checks of the setting BELLHOP: its names, its values, and what those name in turn."""
