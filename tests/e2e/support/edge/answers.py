"""One answer of every class there is: what each part of the stack says, and what nginx says by itself."""

import httpx

CLASSES = {
    "page": "GET / HTTP/1.1",
    "form": "GET /accounts/login/ HTTP/1.1",
    "favicon": "GET /favicon.ico HTTP/1.1",
    "static file": "GET /static/site/site.css HTTP/1.1",
    "static picture": "GET /static/site/favicon.svg HTTP/1.1",
    "unknown static file": "GET /static/nothing.js HTTP/1.1",
    "redirect to the form": "GET /admin/ HTTP/1.1",
    "API, signed out (401)": "GET /api/notifications/summary HTTP/1.1",
    "API, unknown path (404)": "GET /api/nowhere HTTP/1.1",
    "unknown path (404)": "GET /nowhere HTTP/1.1",
    "form without token (403)": "POST /accounts/login/ HTTP/1.1\r\nContent-Length: 0",
    "method not allowed (405)": "POST /api/notifications/summary HTTP/1.1\r\nContent-Length: 0",
    "health": "GET /healthz HTTP/1.1",
    "socket asked as a page (426)": "GET /ws/notifications/ HTTP/1.1",
    "socket of a foreign Origin (403)": (
        "GET /ws/notifications/ HTTP/1.1\r\nOrigin: https://evil.example\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    ),
    "nginx: cookies too large (400)": "GET / HTTP/1.1\r\nCookie: " + "x" * 40_000,
    "nginx: the same, API (400)": "GET /api/ HTTP/1.1\r\nCookie: " + "x" * 40_000,
    "nginx: body too large (413)": "POST / HTTP/1.1\r\nContent-Length: 9999999",
    "nginx: the same, API (413)": "POST /api/ HTTP/1.1\r\nContent-Length: 9999999",
    "nginx: address too long (414)": f"GET /{'x' * 40_000} HTTP/1.1",
    "nginx: TRACE (405)": "TRACE / HTTP/1.1",
    "nginx: unknown coding (501)": "POST / HTTP/1.1\r\nTransfer-Encoding: gzip",
    "nginx: unknown version (505)": "GET / HTTP/9.9",
}
"""The request line of each, and what comes before its last headers."""

HEADERS = (
    *("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"),
    *("cross-origin-opener-policy", "cross-origin-resource-policy", "permissions-policy"),
)
"""What every answer has; over TLS strict-transport-security as well."""


def request(name: str, host: str, *headers: str) -> bytes:
    """Return the bytes that ask for an answer of this class; the connection is closed after it."""
    lines = [CLASSES[name], f"Host: {host}", *headers, "Connection: close", "", ""]
    text = "\r\n".join(lines)
    # An upgrade is a connection's business, too.
    return (
        text.replace("Connection: close\r\n", "").encode() if "Upgrade" in text else text.encode()
    )


def parse(data: bytes) -> httpx.Response:
    """Return an answer's status, headers and body as they came."""
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = [tuple(line.split(": ", 1)) for line in lines]
    # As it came: no coding is undone.
    kept = [(name, value) for name, value in headers if name.lower() != "transfer-encoding"]
    return httpx.Response(int(status.split()[1]), headers=kept, content=body)


def faults(answer: httpx.Response) -> list[str]:
    """Return what is wrong with an answer's headers: one that is missing, or there twice."""
    found = [name for name in HEADERS if len(answer.headers.get_list(name)) != 1]
    if "unsafe-" in answer.headers.get("content-security-policy", ""):
        found.append("unsafe policy")
    return found


def table(found: dict[str, httpx.Response]) -> str:
    """Return the classes and their headers as a table in Markdown."""
    names = (*HEADERS, "strict-transport-security", "cache-control", "retry-after")
    lines = [" | ".join(["| class", "status", *names]) + " |", "|---" * (len(names) + 2) + "|"]
    for name, answer in found.items():
        cells = [answer.headers.get(header, "-") for header in names]
        lines.append(" | ".join([f"| {name}", str(answer.status_code), *cells]) + " |")
    return "\n".join(lines)
