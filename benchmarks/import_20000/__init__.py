"""A long list from a workbook to the owner's suppliers, against django-import-export as its documentation has it."""
