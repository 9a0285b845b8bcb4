"""nginx's configuration: the containers' own; only the upstreams are a file of this host's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import published

from bare.layout import ROOT


def render(folder: Path, variables: Mapping[str, str]) -> None:
    """Write nginx.conf and what it includes into `folder`, with this host's paths and ports."""
    configuration = folder / "conf.d"
    configuration.mkdir(parents=True, exist_ok=True)
    source = ROOT / "deploy/nginx"
    moved = {
        "/etc/nginx/conf.d/": f"{configuration}/",
        "/tmp/": f"{folder}/",  # noqa: S108 - the container's, replaced here
        "/usr/share/nginx/html": str(source / "html"),
        "/usr/share/nginx/static": str(folder / "static"),
    }
    paths = re.compile("|".join(map(re.escape, moved)))
    values = {
        **variables,
        "LISTEN": published.with_port(variables["HTTP_BIND"], int(variables["HTTP_PORT"])),
    }
    for template, target in (
        (source / "nginx.conf", folder / "nginx.conf"),
        (source / "templates/bellhop.conf.template", configuration / "bellhop.conf"),
        (ROOT / "deploy/bare/upstreams.conf.template", configuration / "upstreams.conf"),
    ):
        # All in one pass: a clone may lie in /tmp itself.
        text = paths.sub(lambda found: moved[found[0]], template.read_text())
        if template.suffix == ".template":
            for name in ("LISTEN", "PUBLIC_URL", "WEB_PORT", "WS_PORT"):
                text = text.replace("${" + name + "}", values[name])
        target.write_text(text)
