"""The example resource: an API, an admin area, a page with a form."""
