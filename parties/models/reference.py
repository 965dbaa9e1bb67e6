"""What everybody may read: places, chain nodes, working days."""

from django.db import models


class Region(models.Model):
    """A place: the city, a district, a functional zone or a town; `tile_*` place it on the schematic map."""

    code = models.CharField(primary_key=True, max_length=12)
    kind = models.CharField(max_length=8)  # city, district, zone, town
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="towns")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=60)
    tile_col = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)


class ChainNode(models.Model):
    """A step of the industry chain, from fibre to service."""

    code = models.CharField(primary_key=True, max_length=12)
    order = models.PositiveSmallIntegerField()
    name_zh = models.CharField(max_length=20)
    name_en = models.CharField(max_length=30)


class WorkingDay(models.Model):
    """A day that departs from the week's rule: a holiday, or a weekend worked in exchange."""

    day = models.DateField(primary_key=True)
    kind = models.CharField(max_length=8)  # holiday, workday
