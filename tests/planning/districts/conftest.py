"""Two processes of a Dask scheduler, started once."""

import pytest


@pytest.fixture(scope="package")
def scheduler():
    """Give the address of a scheduler with two workers."""
    from distributed import LocalCluster

    workers = LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    )
    with workers:
        yield workers.scheduler_address
