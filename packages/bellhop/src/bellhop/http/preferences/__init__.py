"""The page on which people choose what reaches them, and the same for programs."""
