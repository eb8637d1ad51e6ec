"""Tables of the programme, one module per part; Django looks here."""

from circle15.programme import activities_models as _activities_models  # noqa: F401
from circle15.programme import construction_models as _construction_models  # noqa: F401
from circle15.programme import duties_models as _duties_models  # noqa: F401
from circle15.programme import funds_models as _funds_models  # noqa: F401
from circle15.programme import partner_models as _partner_models  # noqa: F401
from circle15.programme import pharmacy_models as _pharmacy_models  # noqa: F401
from circle15.programme import rounds_models as _rounds_models  # noqa: F401
from circle15.programme import targets_models as _targets_models  # noqa: F401
from circle15.programme import training_models as _training_models  # noqa: F401
