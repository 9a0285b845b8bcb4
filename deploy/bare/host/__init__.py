"""Parts of the host: system packages, a Python, a virtual environment, the settings in `.env`."""
