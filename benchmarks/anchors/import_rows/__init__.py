"""A supplier list taken in by django-import-export, as its documentation does it, and the same tuned."""
