"""Who acts, in which role, over which area: the value every action and query is given."""

from dataclasses import dataclass

from circle15.accounts.states import PERMISSIONS, Permission, Role
from circle15.areas.scope import EVERYWHERE
from circle15.audit.states import Who


@dataclass(frozen=True, slots=True)
class Actor:
    """A logged-in person at work, or the system itself.

    `area_path` is the prefix of everything the actor may see; `""` sees nothing.
    """

    user_id: int | None
    name: str
    role: str
    area_path: str
    area_name: str
    permissions: frozenset[Permission]

    @property
    def who(self) -> Who:
        return Who(id=self.user_id, name=self.name, role=self.role)

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label) if self.role in Role.values else self.role

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def covers(self, area_path: str) -> bool:
        """Tell whether a path lies inside the actor's area."""
        return bool(self.area_path) and area_path.startswith(self.area_path)


def system_actor(name: str) -> Actor:
    """Return the actor of timers, imports at the command line and the demo."""
    return Actor(
        user_id=None,
        name=name,
        role="system",
        area_path=EVERYWHERE,
        area_name="",
        permissions=frozenset(Permission),
    )


def actor_of(*, user_id: int, name: str, role: str, area_path: str, area_name: str) -> Actor:
    """Return the actor of a post: the role decides the permissions."""
    return Actor(
        user_id=user_id,
        name=name,
        role=role,
        area_path=area_path,
        area_name=area_name,
        permissions=PERMISSIONS[role],
    )
