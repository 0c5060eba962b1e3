"""The example task: how many minutes a delivery takes. Its table is invented, by make_table.py."""
