from django.core.exceptions import ValidationError
from django.db import models

from parties.uscc import problem


def is_code(value):
    if problem(value):
        raise ValidationError("not a unified social credit code")


class Supplier(models.Model):
    name_zh = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18, unique=True, validators=[is_code])
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    nodes = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=200, blank=True)
