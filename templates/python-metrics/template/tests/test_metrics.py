"""GET /metrics."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import metrics


def counts(client: Any) -> dict[tuple[str, str, str], float]:
    """How many requests were counted, by method, route and status."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == metrics.CONTENT_TYPE
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if sample.name == "http_request_duration_seconds_count"
    }


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [("/health/live", "/health/live", "200"), ("/probe/crash", "/probe/crash", "500")],
)
def test_requests_are_counted(client: Any, path: str, route: str, status: str) -> None:
    before = counts(client).get(("GET", route, status), 0)
    client.get(path)
    assert counts(client)["GET", route, status] == before + 1


def test_what_clients_make_up_goes_by_one_name(client: Any) -> None:
    before = counts(client)
    for number in range(5):
        client.get(f"/nope/{number}")
        metrics.observe(f"BREW{number}", None, 405, 0.1)
    after = counts(client)
    added = after.keys() - before.keys()
    assert added <= {
        ("GET", "/metrics", "200"),
        ("GET", "unmatched", "404"),
        ("other", "unmatched", "405"),
    }
    assert after["GET", "unmatched", "404"] >= 5
    assert after["other", "unmatched", "405"] >= 5
