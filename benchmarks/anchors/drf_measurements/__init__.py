"""Measurements taken in by a ModelSerializer with many=True and bulk_create, as the documentation does it."""
