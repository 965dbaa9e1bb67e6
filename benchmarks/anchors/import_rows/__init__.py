"""A supplier list taken in as most projects do it: openpyxl, a ModelForm per row, is_valid() and save().

django-import-export, which many would take, is no dependency of ours and is not measured here.
"""
