"""Django's settings for tests: nothing of this machine's environment and no `.env`."""

import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory

from app.settings import Settings

for name in Settings.model_fields:
    os.environ.pop(name.upper(), None)
dotenv, Settings.model_config["env_file"] = Settings.model_config["env_file"], None
os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)

from app.django_settings import *  # noqa: E402, F403
from app.django_settings import DATABASES  # noqa: E402

Settings.model_config["env_file"] = dotenv
folder = TemporaryDirectory()
DATABASES["default"]["TEST"] = {"NAME": Path(folder.name, "app.db")}
