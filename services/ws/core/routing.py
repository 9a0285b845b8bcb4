"""Where a socket's path leads: `ws/notifications/` to this stack's consumer; anything else is closed with 4404."""

from bellhop.routing import socket_urlpatterns
from core.consumers import NotificationConsumer

websocket_urlpatterns = socket_urlpatterns(NotificationConsumer)
