"""What workers do for inspections, topic by topic: Celery looks for tasks here."""

from inspections.tasks_files import file_result_file, read_result_file
from inspections.tasks_signals import watch_all_once, watch_once

__all__ = ["file_result_file", "read_result_file", "watch_all_once", "watch_once"]
