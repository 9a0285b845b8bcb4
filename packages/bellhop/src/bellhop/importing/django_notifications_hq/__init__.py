"""Taking over from django-notifications-hq, and from its fork django-notifications-community.

The table is read by SQL, so that the app may be installed or gone: its last release, 1.8.3, cannot be imported under
any Django that this package runs on.
"""
