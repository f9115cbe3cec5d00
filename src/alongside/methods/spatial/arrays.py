"""The kinds of array these modules speak in."""

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.uint64]  # H3 ids, sorted, each once
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
