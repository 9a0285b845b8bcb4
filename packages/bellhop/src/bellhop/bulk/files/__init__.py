"""Files of notifications, whoever has written them: lines, records, and what is wrong with each."""
