"""The example resource. `rm -r` this folder and drop its line in app/main.py to be rid of it."""
