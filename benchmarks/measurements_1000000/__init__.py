"""A million readings from a CSV into results, against Django REST framework with many=True and bulk_create."""
