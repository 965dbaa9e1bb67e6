from django.contrib.postgres.fields import ArrayField
from django.db import models


class Supplier(models.Model):
    id = models.UUIDField(primary_key=True)
    owner_org_id = models.UUIDField()
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    pinyin_key = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    contact = models.CharField(max_length=60)
    phone = models.CharField(max_length=16)
    node_codes = ArrayField(models.CharField(max_length=12))
    region_code = models.CharField(max_length=12)
    town_code = models.CharField(max_length=12)
    headcount = models.PositiveIntegerField(null=True)
    address = models.CharField(max_length=200)
    since = models.DateField(null=True)
    state = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "suppliers_supplylink"


class Agreement(models.Model):
    id = models.UUIDField(primary_key=True)
    link = models.ForeignKey(Supplier, on_delete=models.DO_NOTHING, related_name="agreements")
    number = models.CharField(max_length=30)
    state = models.CharField(max_length=12)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "agreements_agreement"


class Obligation(models.Model):
    id = models.UUIDField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.DO_NOTHING, related_name="obligations")
    side = models.CharField(max_length=8)
    due_on = models.DateField()
    met_on = models.DateField(null=True)
    waived_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "agreements_obligation"
