"""A million rows pruned while others are notified: how long it takes, and who waits for it."""
