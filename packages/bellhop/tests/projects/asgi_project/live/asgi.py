import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "live.settings")
# Before anything that needs the app registry.
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter
from echo.routing import websocket_urlpatterns

from bellhop.routing import websocket_urlpatterns as bellhop_urlpatterns

sockets = URLRouter([*bellhop_urlpatterns, *websocket_urlpatterns])
application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
