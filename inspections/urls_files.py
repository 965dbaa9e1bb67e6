from typing import Any

from django.urls import path

from inspections.views import files

ONE = "results/files/<uuid:result_import_id>/"
urlpatterns: list[Any] = [
    path("results/files/", files.new, name="result_files"),
    path(ONE, files.one, name="result_file"),
    path(f"{ONE}progress/", files.progress, name="result_file_progress"),
    path(f"{ONE}mapping/", files.mapping, name="result_file_mapping"),
    path(f"{ONE}forget/", files.forget, name="result_file_forget"),
    path(f"{ONE}editions/", files.editions, name="result_file_editions"),
    path(f"{ONE}confirm/", files.confirm, name="result_file_confirm"),
    path(f"{ONE}cancel/", files.cancel, name="result_file_cancel"),
    path(f"{ONE}rows/<int:number>/", files.row, name="result_file_row"),
]
