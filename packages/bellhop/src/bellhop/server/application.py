"""The ASGI application of the socket server: sockets behind the check of their Origin, and a few plain answers."""

from importlib import import_module
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import re_path

from bellhop.conf import conf
from bellhop.server.ws_health_check import answer
from bellhop.sockets.admission.origin import OriginGate, UnknownPath


def make_application() -> Any:
    """Return the application. Needs the app registry.

    It serves the `websocket_urlpatterns` of the module that conf.ROUTING names; any other path is closed with 4404.
    """
    routing = import_module(conf.ROUTING)
    patterns = [*routing.websocket_urlpatterns, re_path(r"", UnknownPath.as_asgi())]
    return ProtocolTypeRouter({"websocket": OriginGate(URLRouter(patterns)), "http": answer})
