from django.db.models import Prefetch
from django.http import HttpResponse
from rest_framework import viewsets

from benchmarks.anchors.drf_list.models import Agreement, Supplier
from benchmarks.anchors.drf_list.serializers import SupplierSerializer, TunedSupplierSerializer


class SupplierViewSet(viewsets.ModelViewSet):
    serializer_class = SupplierSerializer

    def get_queryset(self):
        return Supplier.objects.filter(owner_org_id=self.request.query_params["owner"]).order_by("pinyin_key", "id")


class TunedSupplierViewSet(SupplierViewSet):
    serializer_class = TunedSupplierSerializer

    def get_queryset(self):
        newest = Agreement.objects.order_by("-created_at", "-id").prefetch_related("obligations")
        return super().get_queryset().prefetch_related(Prefetch("agreements", queryset=newest, to_attr="newest"))


def empty(request):
    return HttpResponse(b"{}", content_type="application/json")
