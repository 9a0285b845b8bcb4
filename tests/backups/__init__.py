"""`python tests/backups/try_backups.py`: stacks of their own are backed up, destroyed, restored, upgraded."""
