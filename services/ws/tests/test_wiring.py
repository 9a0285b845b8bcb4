"""What this service adds to the package: where a socket's path leads, and what it must not know."""

import subprocess
import sys
from typing import Any

from django.conf import settings

from bellhop.contract import SEND_NOTIFICATION, SOCKET_PATH
from bellhop.server import application
from bellhop.sockets.admission.origin import UnknownPath
from core.consumers import NotificationConsumer
from core.routing import websocket_urlpatterns


def test_the_path_of_the_sockets_leads_to_this_stacks_consumer() -> None:
    first: Any = websocket_urlpatterns[0]
    assert f"/{first.pattern}" == SOCKET_PATH
    assert first.callback.consumer_class is NotificationConsumer
    assert NotificationConsumer.send_notification.__name__ == SEND_NOTIFICATION.replace(".", "_")


def test_the_server_serves_the_paths_of_this_service() -> None:
    assert settings.BELLHOP["ROUTING"] == "core.routing"
    served = application.make_application().application_mapping["websocket"].application
    *patterns, unknown = served.routes
    assert patterns == websocket_urlpatterns
    assert unknown.callback.consumer_class is UnknownPath


def test_the_socket_service_knows_neither_celery_nor_pages() -> None:
    code = (
        "import sys, django\n"
        "django.setup()\n"
        "from bellhop.server import start\n"
        "start.make_application()\n"
        "print([name for name in ('celery', 'kombu', 'allauth', 'ninja') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50
    )
    assert run.stdout.strip().splitlines()[-1] == "[]"
