from channels.auth import AuthMiddlewareStack
from django.urls import path

from . import consumers

websocket_urlpatterns = [
    path("ws/echo/", AuthMiddlewareStack(consumers.EchoConsumer.as_asgi())),
]
