"""The paths of the sockets. The last entry answers every other path with 4404 instead of a traceback."""

from typing import Any

from django.urls import path, re_path

from bellhop.contract import SOCKET_PATH
from bellhop.sockets.admission.origin import UnknownPath
from bellhop.sockets.consumer import SocketConsumer


def socket_urlpatterns(consumer: type[SocketConsumer]) -> list[Any]:
    """Return the patterns that lead to `consumer`."""
    return [
        path(SOCKET_PATH.lstrip("/"), consumer.as_asgi()),
        re_path(r"", UnknownPath.as_asgi()),
    ]


websocket_urlpatterns = socket_urlpatterns(SocketConsumer)
