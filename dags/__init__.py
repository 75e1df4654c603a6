"""Airflow DAGs: order and schedule only. The work of each task is in ``pipeline.runs.scheduler_tasks``."""
