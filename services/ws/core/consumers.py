"""This stack's consumer: one browser tab's socket.

What happens to an event on its last step is read in `bellhop.sockets.consumer`, where the cursor rule is: a pushed
notification with the next seq is sent, one that was sent before is dropped, and for anything else the rows above the
cursor are read from the database.
"""

from bellhop.sockets.consumer import SocketConsumer


class NotificationConsumer(SocketConsumer):
    """Forwards `send.notification` events of its user's group over `ws/notifications/`: each once, in ascending seq."""
