"""A login becomes a notification, whatever Django logs in with: list `bellhop.contrib.auth` in INSTALLED_APPS."""
