"""Who can log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's user under a name of this project, so that fields can be added at any time."""
