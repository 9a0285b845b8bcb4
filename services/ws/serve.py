"""`python serve.py`: the socket service of this stack. It opens its port first and loads everything else after that.

As `manage.py bellhop_ws`, without what Django's command line loads and with the port open half a second earlier.
"""

import argparse
import gc
import os
import sys

from bellhop.server.open_port import open_port


def main() -> None:
    """Open the port that the command line names, then serve on it until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on")  # noqa: S104
    parser.add_argument("--port", type=int, default=8001, help="port to listen on")
    options = parser.parse_args()
    try:
        listening = open_port(options.host, options.port)
    except OSError as error:
        sys.exit(f"cannot listen: {error}")
    # What is loaded now stays, so there is nothing to collect; `serve` turns the collector on again.
    gc.disable()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from bellhop.server.start import serve

    serve(listening)


if __name__ == "__main__":
    main()
