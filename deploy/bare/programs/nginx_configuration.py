"""nginx's configuration: the containers' own; only the upstreams are a file of this host's."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import published_address

from bare.errors import MissingError
from bare.layout import ROOT

SOURCE = ROOT / "deploy/nginx"
VARIABLES = ("LISTEN", "PUBLIC_URL", "RATE_LIMITS", "WEB_PORT", "WS_PORT")


def render(folder: Path, variables: Mapping[str, str]) -> None:
    """Write nginx.conf and what it includes into `folder`, with this host's paths and ports.

    MissingError with one line where TRUSTED_PROXIES is not a list of addresses.
    """
    configuration = folder / "conf.d"
    configuration.mkdir(parents=True, exist_ok=True)
    moved = {
        "/etc/nginx/conf.d/": f"{configuration}/",
        "/tmp/": f"{folder}/",  # noqa: S108 - the container's, replaced here
        "/usr/share/nginx/html": str(SOURCE / "html"),
        "/usr/share/nginx/static": str(folder / "static"),
    }
    paths = re.compile("|".join(map(re.escape, moved)))
    defaults = {"PUBLIC_URL": "", "RATE_LIMITS": "on"}
    given = {name: value for name, value in variables.items() if value}
    listen = published_address.with_port(variables["HTTP_BIND"], int(variables["HTTP_PORT"]))
    values = {**defaults, **given, "LISTEN": listen}
    own = {
        template: configuration / template.stem
        for template in sorted((SOURCE / "templates").glob("*.template"))
        if template.name != "upstreams.conf.template"
    }
    own[SOURCE / "nginx.conf"] = folder / "nginx.conf"
    own[ROOT / "deploy/bare/programs/upstreams.conf.template"] = configuration / "upstreams.conf"
    for template, target in own.items():
        # All in one pass: a clone may lie in /tmp itself.
        text = paths.sub(lambda found: moved[found[0]], template.read_text())
        if template.suffix == ".template":
            for name in VARIABLES:
                text = text.replace("${" + name + "}", values[name])
        target.write_text(text)
    _render_trusted_proxies(configuration, values.get("TRUSTED_PROXIES", ""))


def _render_trusted_proxies(configuration: Path, trusted: str) -> None:
    """Write trusted_proxies.conf by the container's own script."""
    script = SOURCE / "entrypoint.d/40-trusted-proxies.sh"
    environment = {"CONFIGURATION": str(configuration), "TRUSTED_PROXIES": trusted}
    done = subprocess.run(
        ["sh", str(script)],
        env={"PATH": os.environ.get("PATH", os.defpath), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MissingError(done.stderr.strip().removeprefix("bellhop: "))
