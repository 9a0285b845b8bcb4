"""Socket paths. The last entry answers every other path with 4404 instead of a traceback."""

from django.urls import path, re_path

from bellhop.contract import SOCKET_PATH
from core.consumers import NotificationConsumer
from core.gate import UnknownPath

websocket_urlpatterns = [
    path(SOCKET_PATH.lstrip("/"), NotificationConsumer.as_asgi()),
    re_path(r"", UnknownPath.as_asgi()),
]
