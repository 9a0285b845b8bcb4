"""rediss://: broker, layer, publisher, cache and health check trust alike. A real Redis behind a TLS server."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from kombu import Connection
from kombu.exceptions import OperationalError
from ports import login_of
from redis.exceptions import RedisError

from bellhop.ring.channel_layer import DoorbellLayer
from bellhop.ring.redis_client import redis_client
from stack import server_urls


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redis of a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "redis.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture(scope="module")
def port(certificate: Path) -> Iterator[int]:
    """Where the tests' Redis answers over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    redis = urlsplit(settings.LAYER_URL)

    def serve(near: socket.socket) -> None:
        # Who refuses the certificate hangs up.
        with suppress(OSError):
            inner = context.wrap_socket(near, server_side=True)
            far = socket.create_connection((str(redis.hostname), redis.port or 6379))
            threading.Thread(target=pass_on, args=(far, inner), daemon=True).start()
            pass_on(inner, far)

    def pass_on(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def accept(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


def broker(urls: tuple[str, str, str]) -> None:
    with Connection(urls[0], transport_options={"max_retries": 0}, connect_timeout=20) as made:
        made.default_channel.client.ping()


def layer(urls: tuple[str, str, str]) -> None:
    async def connect() -> None:
        made = DoorbellLayer(urls[1], prefix="ut-tls.")
        try:
            try:
                await made.group_send("g", {"type": "t"})
            except (RedisError, OSError):
                assert not await made.is_connected()
                raise
            deadline = time.monotonic() + 30
            while not await made.is_connected():
                assert time.monotonic() < deadline, "the layer hears nothing"
                await asyncio.sleep(0.05)
        finally:
            await made.flush()

    asyncio.run(connect())


def publisher(urls: tuple[str, str, str]) -> None:
    DoorbellLayer(urls[1], prefix="ut-tls.").publish(("g", {"type": "t"}))


def cache(urls: tuple[str, str, str]) -> None:
    RedisCache(urls[2], {"OPTIONS": {"retry": None}}).get("x")


def health_check(urls: tuple[str, str, str]) -> None:
    redis_client(urls[0]).ping()


CLIENTS = [broker, layer, publisher, cache, health_check]
Case = tuple[str, str, bool]
CASES: dict[str, Case] = {
    "nothing is said": ("127.0.0.1", "", False),
    "verified, as it is by default": ("127.0.0.1", "?ssl_cert_reqs=required", False),
    "any is taken": ("127.0.0.1", "?ssl_cert_reqs=none", True),
    "any is taken, in Celery's word": ("127.0.0.1", "?ssl_cert_reqs=CERT_NONE", True),
    "an authority that signed it": ("127.0.0.1", "?ssl_ca_certs={file}", True),
    "the same, for another name": ("localhost", "?ssl_ca_certs={file}", False),
    "whatever its name": ("localhost", "?ssl_ca_certs={file}&ssl_check_hostname=false", True),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_all_clients_trust_the_same_certificates(
    client: Callable[[tuple[str, str, str]], None],
    case: str,
    port: int,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host, query, trusted = CASES[case]
    query = query.format(file=quote(str(certificate)))
    known = login_of(settings.LAYER_URL)
    monkeypatch.setenv("REDIS_URL", f"rediss://{known}{host}:{port}/12{query}")
    urls = server_urls.redis_databases()
    if trusted:
        client(urls)
    else:
        with pytest.raises((RedisError, OSError, OperationalError), match="certificate"):
            client(urls)


def test_every_option_that_is_let_through_is_one_that_redis_py_takes() -> None:
    """What it does not take it would refuse at each connection, which looks like a Redis that is away."""
    values: dict[str, Any] = {
        "ssl_cert_reqs": "none",
        "ssl_check_hostname": "false",
        "client_name": "a",
        "health_check_interval": "30",
        "protocol": "3",
        "socket_keepalive": "true",
    }
    for option in [*server_urls._TLS, *server_urls._CLIENT]:
        value = values.get(option, "x")
        redis_client(f"rediss://h/0?{option}={value}").connection_pool.make_connection()
        if option in server_urls._TLS:
            # kombu asks for no connection before it is used.
            assert Connection(f"rediss://h/0?{option}={value}").ssl
