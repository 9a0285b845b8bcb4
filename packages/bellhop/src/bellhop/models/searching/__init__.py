"""What notifications are found by: their words, kept a hundred notifications a row."""
