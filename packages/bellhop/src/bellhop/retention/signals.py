"""Tells a project that it is time to delete what else is kept no longer."""

from typing import Final

from django.dispatch import Signal

pruning: Final = Signal()
"""Expired sessions have just been deleted; receivers delete what of the project's hangs on them, or is as old.

Sent about once an hour by whoever runs what is due (the Celery worker, or `manage.py bellhop_work`), and by
`manage.py bellhop_prune --sessions`, outside of any transaction; the sender is None. A receiver returns how much it has
deleted, or None. An error of a receiver is logged and stops neither the others nor the sender. Each should be done
within a second: other work waits for it.
"""
