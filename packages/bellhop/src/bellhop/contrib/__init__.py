"""What a project may add: a login becomes a notification, by way of Django's own signal or of allauth's.

One of the two is listed in INSTALLED_APPS, never both: allauth sends Django's signal, too.
"""
