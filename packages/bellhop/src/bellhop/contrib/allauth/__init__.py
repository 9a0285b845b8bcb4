"""A login becomes a notification, through allauth: list `bellhop.contrib.allauth` in INSTALLED_APPS."""
