from onestop.models.indices import SeriesIndex
from onestop.models.portraits import NodeMiddle, Portrait, PortraitLook
from onestop.models.services import Kind, ServiceCall, ServiceOffer, ServiceRequest

__all__ = [
    "Kind",
    "NodeMiddle",
    "Portrait",
    "PortraitLook",
    "SeriesIndex",
    "ServiceCall",
    "ServiceOffer",
    "ServiceRequest",
]
