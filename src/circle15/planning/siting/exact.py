"""The door to HiGHS: a mixed-integer model in, a choice and a proven bound out."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array

from circle15.planning.arrays import F64, Mask

SEED = 15


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Minimize `cost @ x` with lower <= x <= upper and row_lower <= rows @ x <= row_upper."""

    cost: F64
    upper: F64
    whole: Mask
    rows: csr_array
    row_lower: F64
    row_upper: F64


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """`x`: the best found, or None. `bound`: no x is cheaper. `infeasible`: proven that none is."""

    x: F64 | None
    bound: float
    infeasible: bool


def minimize(model: Model, *, start: F64 | None, time_limit_s: float) -> Outcome:
    """Solve as far as the time allows. `bound` holds whether or not the time ran out."""
    if not len(model.cost):
        asked = bool(np.any(model.row_lower > 0.0))
        return Outcome(None if asked else np.empty(0), np.inf if asked else 0.0, infeasible=asked)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # a package without types
    options = {
        "output_flag": False,
        "random_seed": SEED,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-9,
        "time_limit": time_limit_s,
    }
    for name, setting in options.items():
        solver.setOptionValue(name, setting)
    solver.passModel(_lp(model))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    solver.run()
    return _outcome(solver, is_whole=bool(model.whole.any()))


def _lp(model: Model) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows = model.rows
    lp.num_row_, lp.num_col_ = rows.shape
    lp.col_cost_ = model.cost
    lp.col_lower_ = np.zeros(len(model.cost))
    lp.col_upper_ = model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = rows.data.astype(np.float64)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(each)] for each in model.whole]
    return lp


def _outcome(solver: highspy.Highs, *, is_whole: bool) -> Outcome:
    """Read value and bound from the solver's figures; its word `Optimal` alone is not taken."""
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Outcome(None, np.inf, infeasible=True)
    info = solver.getInfo()
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value) if has_point else None
    if is_whole:
        bound = float(info.mip_dual_bound)
    else:
        done = status == highspy.HighsModelStatus.kOptimal
        bound = float(info.objective_function_value) if done else -np.inf
    return Outcome(x, bound if np.isfinite(bound) else -np.inf, infeasible=False)
