"""Takes one file in, row by row, in one transaction."""

import os
import time

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.anchors.import_rows.settings"
django.setup()

import openpyxl  # noqa: E402
from django.db import transaction  # noqa: E402
from django.forms import ModelForm  # noqa: E402

from benchmarks.anchors.import_rows.models import Supplier  # noqa: E402
from benchmarks.hands import obey  # noqa: E402
from parties.phones import phone_e164  # noqa: E402


class SupplierForm(ModelForm):
    class Meta:
        model = Supplier
        fields = ["name_zh", "uscc", "contact", "phone", "address"]

    def clean_phone(self):
        return phone_e164(self.cleaned_data["phone"]) or ""


def take_in(*, path: str, number: int) -> dict[str, float]:
    Supplier.objects.all().delete()
    began = time.perf_counter()
    with transaction.atomic():
        rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(min_row=2, values_only=True)
        for name, code, contact, phone, address in rows:
            form = SupplierForm({"name_zh": name, "uscc": code, "contact": contact, "phone": phone, "address": address})
            if form.is_valid():
                form.save()
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    obey(take_in)
