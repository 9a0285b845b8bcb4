"""The ASGI application of the socket server: sockets behind the check of their Origin, and a few plain answers."""

from importlib import import_module
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from bellhop.server.ws_health_check import answer
from bellhop.sockets.admission.origin import OriginGate


def make_application() -> Any:
    """Return the application. Needs the app registry.

    `settings.BELLHOP_ROUTING` names the module whose `websocket_urlpatterns` it serves; by default this package's own.
    """
    routing = import_module(getattr(settings, "BELLHOP_ROUTING", "bellhop.routing"))
    sockets = OriginGate(URLRouter(routing.websocket_urlpatterns))
    return ProtocolTypeRouter({"websocket": sockets, "http": answer})
