from notices.models.messages import Notification, Todo

__all__ = ["Notification", "Todo"]
