"""A new project that takes the package in: run by the Python of a clean environment, with what is installed there."""
