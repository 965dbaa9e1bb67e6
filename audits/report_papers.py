"""A report as paper: bilingual, with its photos, its fingerprint and the address where anybody asks whether it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from agreements.documents import public_address
from audits.models import AuditReport
from jobs.papers import pdf_with_pictures, qr_svg


def check_address(report: AuditReport) -> str:
    """Where the code on the paper leads."""
    return public_address(reverse("audits:report_check", args=[report.token]))


def report_pdf(content: Mapping[str, Any], pictures: Mapping[str, bytes], report: AuditReport, *, is_demo: bool) -> bytes:
    """The paper of what was hashed."""
    address = check_address(report)
    context = {
        "said": content, "report": report, "address": address, "qr": qr_svg(address), "is_demo": is_demo, "printed": set(pictures),
        "docref": f"{content['agreement']} · {content['visited_on']} · {report.number}",
    }  # fmt: skip
    return pdf_with_pictures("audits/paper_report.html", context, pictures, style="css/report.css")
