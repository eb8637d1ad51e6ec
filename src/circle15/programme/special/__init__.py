"""Special projects (专项): which construction belongs to one, and the report on its progress."""
