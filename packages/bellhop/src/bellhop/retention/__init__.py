"""What is kept no longer, and what one person may have: pruning, export, erasure."""
