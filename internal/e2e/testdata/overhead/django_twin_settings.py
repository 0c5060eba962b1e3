"""The starter's settings without its middleware."""

from app.django_settings import *

MIDDLEWARE = []
ROOT_URLCONF = "django_twin"
