"""Secrets stay with those who need them."""

from __future__ import annotations

import pytest

from pipeline.config.secrecy import without_password, without_secrets

ENVIRONMENT = {
    "PATH": "/bin",
    "ONRECORD_HOME": "/home/news",
    "ONRECORD_DATABASE_URL": "postgresql://a:b@c/d",
    "ONRECORD_DATABASE_URL_FILE": "/run/secrets/url",
    "ONRECORD_SMTP_URL": "smtp://a:b@c",
    "ONRECORD_PROXY": "http://a:b@c",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_ENDPOINT_URL": "http://minio",
    "AIRFLOW_HOME": "/home/news/airflow",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://a:b@c/d",
    "AIRFLOW__CORE__FERNET_KEY": "x",
    "AIRFLOW__API_AUTH__JWT_SECRET": "x",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=x",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector",
    "PGPASSWORD": "x",
}


def test_a_program_is_given_no_secret_of_ours() -> None:
    assert set(without_secrets(ENVIRONMENT)) == {
        "PATH",
        "ONRECORD_HOME",
        "ONRECORD_DATABASE_URL_FILE",
        "AWS_ENDPOINT_URL",
        "AIRFLOW_HOME",
        "AIRFLOW__CORE__EXECUTOR",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    }


def test_what_it_needs_can_be_left_to_it() -> None:
    kept = without_secrets(ENVIRONMENT, but="AIRFLOW_")
    assert {name for name in ENVIRONMENT if name.startswith("AIRFLOW_")} <= kept.keys()
    assert "ONRECORD_SMTP_URL" not in kept


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:hidden@db/news", "postgresql://me:***@db/news"),
        ("postgresql://me:@db/news", "postgresql://me:***@db/news"),
        ("s3://key:hid/den@bucket/x", "s3://key:hid/den@bucket/x"),
        ("postgresql://db/news?user=me&password=hidden&sslmode=require", "***&sslmode=require"),
        ("postgresql://db/news?sslpassword=hidden", "postgresql://db/news?sslpassword=***"),
        ("cannot reach https://a:hidden@proxy:8080: refused", "cannot reach https://a:***@proxy:8080: refused"),
        ("no address at all: a:b@c", "no address at all: a:b@c"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    found = without_password(address)
    assert found.endswith(shown) and ("hidden" not in found)
