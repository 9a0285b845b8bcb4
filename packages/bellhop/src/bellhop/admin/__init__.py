"""Django's admin: notifications to look at, send, change and withdraw; inboxes and people's choices to look at.

Django's autodiscovery imports this package; what it imports registers itself.
"""

from bellhop.admin import notifications as notifications
from bellhop.admin import peoples_own as peoples_own
