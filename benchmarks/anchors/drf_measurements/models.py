from django.db import models


class Lot(models.Model):
    number = models.CharField(max_length=40, unique=True)


class Measurement(models.Model):
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE)
    characteristic = models.CharField(max_length=20, db_index=True)
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=3)
    unit = models.CharField(max_length=24, blank=True)
