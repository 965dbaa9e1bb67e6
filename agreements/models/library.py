"""Templates: what an agreement may hold, as data that everybody reads."""

from django.db import models


class AgreementTemplate(models.Model):
    """One published template: its clauses with typed parameters, in both languages. Published is never edited."""

    code = models.CharField(primary_key=True, max_length=40)  # with its version: cashmere-yarn-1
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    node_codes = models.JSONField(default=list)
    clauses = models.JSONField()
    published_at = models.DateTimeField()
