"""Names of the array types the planning engines share."""

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

Whole = int | np.integer
"""A whole number in compiled code, where items of arrays are numbers of numpy."""

NO_WAY = np.uint16(65_535)
"""A time that is none: not reached, or not allowed for this mode. Deciseconds."""

LONGEST_LIMIT_DS = 65_534
"""The longest limit a search takes: 6,553.4 s, a little over 109 minutes."""

DS_PER_MINUTE = 600
