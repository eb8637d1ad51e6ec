"""An order as another house is told of it: where it stands, and nobody named."""

from typing import Any

from circle15.ratings.models import Order


def as_known(order: Order) -> dict[str, Any]:
    """Return an order as another house is told of it."""
    return {
        "uid": order.uid,
        "number": order.number,
        "external_number": order.external_number,
        "kind": order.kind,
        "state": order.state,
        "received_on": order.received_on,
        "answer_due_on": order.answer_due_on,
        "finding": order.finding,
        "answer": order.answer,
        "is_satisfied": order.is_satisfied,
        "reopened": order.reopened,
    }
