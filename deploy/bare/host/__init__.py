"""What the host gives: system packages, a Python, a virtual environment, the settings in `.env`."""
