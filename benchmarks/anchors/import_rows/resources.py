"""A resource with a field per column and the checks in its hooks; once as documented, once tuned."""

from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.instance_loaders import CachedInstanceLoader

from benchmarks.anchors.import_rows.models import Supplier, is_code
from benchmarks.import_20000.rows import NODES, REGIONS
from parties.phones import phone_e164


class SupplierResource(resources.ModelResource):
    name_zh = fields.Field(attribute="name_zh", column_name="企业名称")
    uscc = fields.Field(attribute="uscc", column_name="统一社会信用代码")
    contact = fields.Field(attribute="contact", column_name="联系人")
    phone = fields.Field(attribute="phone", column_name="手机号")
    nodes = fields.Field(attribute="nodes", column_name="所属环节")
    region = fields.Field(attribute="region", column_name="所在区")
    address = fields.Field(attribute="address", column_name="地址")

    class Meta:
        model = Supplier
        import_id_fields = ("uscc",)
        fields = ("name_zh", "uscc", "contact", "phone", "nodes", "region", "address")
        clean_model_instances = True
        skip_unchanged = True

    def before_import_row(self, row, **kwargs):
        row["企业名称"] = "".join((row["企业名称"] or "").split())
        row["手机号"] = phone_e164(str(row["手机号"])) or ""
        row["所属环节"] = NODES.get(row["所属环节"], "")
        row["所在区"] = REGIONS.get(row["所在区"], "")


class TunedResource(SupplierResource):
    class Meta(SupplierResource.Meta):
        clean_model_instances = False
        skip_unchanged = False
        skip_diff = True
        use_bulk = True
        batch_size = 1000
        instance_loader_class = CachedInstanceLoader

    def before_import(self, dataset, **kwargs):
        self.seen = set()

    def before_import_row(self, row, **kwargs):
        is_code_of(row)
        super().before_import_row(row, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        # Two new rows of one code would break the bulk insert.
        twice = instance.uscc in self.seen
        self.seen.add(instance.uscc)
        return twice


def is_code_of(row):
    try:
        is_code(row["统一社会信用代码"])
    except ValidationError as error:
        raise ValidationError({"uscc": error.messages}) from None
