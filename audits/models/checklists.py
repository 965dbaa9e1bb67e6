"""The questions, as data that everybody reads. A published version is never edited."""

from django.db import models


class ChecklistVersion(models.Model):
    """One version of a checklist."""

    code = models.CharField(primary_key=True, max_length=40)  # with its version: mill-walk-1
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    minutes = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()


class Question(models.Model):
    """One question with its evidence rule."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, related_name="questions")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    text_zh = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300)
    help_zh = models.CharField(max_length=300, blank=True)
    help_en = models.CharField(max_length=400, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    is_critical = models.BooleanField(default=False)
    photo = models.CharField(max_length=8, default="none")  # none, on_no, always

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="question_has_its_place")]
