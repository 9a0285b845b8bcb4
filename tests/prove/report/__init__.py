"""A run written down: words and tables, figures, a picture."""
