"""The path of the sockets, for the socket server and for a project's own ASGI application beside its own consumers.

    application = ProtocolTypeRouter({
        "http": get_asgi_application(),
        "websocket": URLRouter([*bellhop.routing.websocket_urlpatterns, path("ws/chat/", ChatConsumer.as_asgi())]),
    })

No middleware is needed around it: the consumer itself looks at Origin and session. What is lost there, without the
socket server (`manage.py bellhop_ws`), is in docs/package.md.
"""

from typing import Any

from django.urls import path

from bellhop.contract import SOCKET_PATH
from bellhop.sockets.consumer import SocketConsumer


def socket_urlpatterns(consumer: type[SocketConsumer]) -> list[Any]:
    """Return the pattern that leads to `consumer`."""
    return [path(SOCKET_PATH.lstrip("/"), consumer.as_asgi())]


websocket_urlpatterns = socket_urlpatterns(SocketConsumer)
