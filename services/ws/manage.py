#!/usr/bin/env python
"""Django's command line for the socket service; `manage.py bellhop_ws` serves the sockets."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
