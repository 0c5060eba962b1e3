"""Django's commands: createsuperuser, makemigrations, shell and so on."""

import os
import sys

import app  # noqa: F401 - an older Python is refused there

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "app.django_settings")
    execute_from_command_line(sys.argv)
