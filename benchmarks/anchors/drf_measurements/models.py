from django.db import models


class Measurement(models.Model):
    lot = models.CharField(max_length=40, db_index=True)
    characteristic = models.CharField(max_length=20, db_index=True)
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=24, blank=True)
