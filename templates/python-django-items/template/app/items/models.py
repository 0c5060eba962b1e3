"""The table of items."""

from django.core.validators import MaxValueValidator
from django.db import models

# Clients that read JSON numbers as doubles keep integers exact up to here.
MAX_INTEGER = 2**53 - 1


class Item(models.Model):
    name = models.CharField(max_length=200)
    quantity = models.PositiveBigIntegerField(validators=[MaxValueValidator(MAX_INTEGER)])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "items"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
