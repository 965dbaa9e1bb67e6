import uuid

from django.db import models


class Log(models.Model):
    head = models.CharField(max_length=64, blank=True)


class Line(models.Model):
    log = models.ForeignKey(Log, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)


class PlainEntry(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    stream_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    canonical = models.TextField()
    leaf = models.BinaryField()


class PlainPayload(models.Model):
    entry = models.OneToOneField(PlainEntry, primary_key=True, on_delete=models.PROTECT)
    text = models.TextField()
    salt = models.BinaryField()
