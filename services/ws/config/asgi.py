"""The ASGI application: sockets through the Origin gate, plain HTTP to its few answers."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.gate import OriginGate  # noqa: E402 - needs the app registry
from core.http import answer  # noqa: E402
from core.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {"websocket": OriginGate(URLRouter(websocket_urlpatterns)), "http": answer}
)
