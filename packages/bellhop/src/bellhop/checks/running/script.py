"""Tries whether pages of a site get the bell's script: the first thing that a new server in front forgets."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from bellhop.checks.running.findings import Finding, missing, ok, words

PATIENCE: Final = 5.0
"""Seconds for the answer."""

COLLECT: Final = "Run python manage.py collectstatic"


def try_script(site: str) -> Iterator[Finding]:
    """Yield whether the script is where a page of `site` looks for it. Raises ValueError for what is no http(s) URL."""
    try:
        url = urljoin(site, static("bellhop/bellhop.js"))
    except (ValueError, ImproperlyConfigured) as error:
        # A storage of hashed names that has not seen the file.
        yield missing(f"script: {words(error)}. {COLLECT}")
        return
    request = Request(url, headers={"Accept": "*/*"})  # noqa: S310 - whatever scheme: the operator's own site
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            found = answer.headers.get_content_type()
    except HTTPError as error:
        yield missing(f"script: {url} answers {error.code}: pages have no bell. {_advice(error)}")
        return
    except OSError as error:
        yield missing(
            f"script: nothing answers at {url}: {words(error)}. Start what serves STATIC_URL"
        )
        return
    if "javascript" in found:
        yield ok(f"script: pages get it at {url}")
    else:
        yield missing(
            f"script: {url} is {found}, which no browser runs. Correct what serves STATIC_URL"
        )


def _advice(error: HTTPError) -> str:
    if error.code != HTTPStatus.NOT_FOUND:
        return "The log of what answers there says why"
    # runserver serves it by itself, in development alone.
    server = f"and let the web server in front serve {settings.STATIC_URL} from STATIC_ROOT"
    return f"{COLLECT}, {server}"
