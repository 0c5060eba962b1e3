"""The service. This file only holds the check that every way in passes."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a start by an older Python should say so
    sys.exit(f"This service needs Python 3.11 or newer, not {sys.version.split()[0]}")
