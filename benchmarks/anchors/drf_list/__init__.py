"""A list API as the Django REST framework documents it: ModelViewSet, nested serializers two deep, PageNumberPagination.

Plain models over the product's tables, read as the tables' owner: no hat, no row security, no sign-in.
"""
