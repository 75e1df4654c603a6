"""Order and time only: Airflow DAGs over ``pipeline.stages``."""
