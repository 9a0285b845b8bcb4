#!/usr/bin/env python
"""Django's command line for the web service."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # A command may take as long as it takes: whoever typed it can stop it.
    os.environ.setdefault("DATABASE_BOUNDS", "off")
    execute_from_command_line(sys.argv)
