from django.urls import include, path
from rest_framework.routers import DefaultRouter

from benchmarks.anchors.drf_list.views import SupplierViewSet, TunedSupplierViewSet, empty

router = DefaultRouter()
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("tuned", TunedSupplierViewSet, basename="tuned")
urlpatterns = [path("empty/", empty), path("", include(router.urls))]
