"""`python -m ml.deliveries.make_table` writes data/deliveries.csv: invented, always the same.

Only sums and products of random.random(), whose numbers Python guarantees for a seed: the table is
the same on every machine.
"""

import csv
import io
import random

from ml.deliveries.task import task

ROWS = 600
RUSH_HOURS = (7, 8, 9, 16, 17, 18)
MINUTES_PER_KM = {"dry": 2.0, "rain": 2.4, "snow": 3.2}


def table() -> str:
    dice = random.Random(1)  # noqa: S311 - nothing here is a secret
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write([*task.row.model_fields, task.target])
    for _ in range(ROWS):
        distance = round(0.5 + 29.5 * dice.random(), 1)
        parcels = 1 + int(12 * dice.random())
        hour = 6 + int(16 * dice.random())
        weather = ("dry", "dry", "rain", "snow")[int(4 * dice.random())]
        per_km = MINUTES_PER_KM[weather] * (1.3 if hour in RUSH_HOURS else 1)
        luck = sum(dice.random() for _ in range(12)) - 6  # near enough to a normal distribution
        minutes = max(3, 5 + per_km * distance + 1.5 * parcels + 3 * luck)
        write([distance, parcels, hour, weather, round(minutes, 1)])
    return text.getvalue()


if __name__ == "__main__":
    task.table.write_text(table(), encoding="utf-8", newline="\n")
