"""What an inbox of fifty thousand costs, beside one of fifty."""
