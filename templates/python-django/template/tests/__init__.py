"""Tests of what all resources share. They run under settings.py; probe.py starts for real."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.django_settings")
