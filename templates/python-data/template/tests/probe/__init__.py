"""A task and routes for the tests alone, so that they do not depend on what the service offers.

`python -m tests.probe` starts the service with the routes.
"""
