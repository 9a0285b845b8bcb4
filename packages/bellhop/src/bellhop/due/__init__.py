"""What is due: expiries, summaries, and now and then what is kept no longer. See `bellhop.due.runner`."""
