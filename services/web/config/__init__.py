"""Wiring of the web service. Importing it configures the Celery producer, so that .delay() works everywhere."""
