"""What every action asks first: is this the actor's to do, and in the actor's area."""

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Permission


def demand(by: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless the actor's role has the permission."""
    if not by.can(permission):
        raise NotAllowed


def demand_area(by: Actor, area_path: str) -> None:
    """Raise NotFound unless the path lies in the actor's area."""
    if not by.covers(area_path):
        raise NotFound
