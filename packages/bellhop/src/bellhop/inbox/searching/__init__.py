"""What a search is made of: words, and the chunks in which they are kept."""
