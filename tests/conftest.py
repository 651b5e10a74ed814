"""What holds for all tests."""

import pytest


@pytest.fixture(autouse=True)
def _no_stray_proxy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web of tests/collect is a proxy for its whole session; no other test may go there."""
    if "collect" not in request.path.parts:
        monkeypatch.delenv("http_proxy", raising=False)
