"""Queueing theory the simulation is checked against, and a first guess of how many windows.

Rates are per second, loads in Erlang (people being served on average). A. K. Erlang 1917;
Pollaczek 1930, Khinchine 1932; Kingman 1961; Allen and Cunneen 1978; Palm 1946 (giving up).
"""

from dataclasses import dataclass
from math import exp, inf, sqrt


@dataclass(frozen=True, slots=True)
class Line:
    """A stationary line: mean wait, share that waits, mean number in line, share that gives up."""

    mean_wait_s: float
    waits: float
    waiting: float
    gives_up: float = 0.0


def erlang_b(load: float, windows: int) -> float:
    """Return the share lost if nobody could wait."""
    blocked = 1.0
    for count in range(1, windows + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(load: float, windows: int) -> float:
    """Return the share that has to wait; 1 if the windows can't keep up."""
    if load >= windows:
        return 1.0
    blocked = erlang_b(load, windows)
    return blocked / (1 - load / windows * (1 - blocked))


def mmc(rate: float, service_s: float, windows: int) -> Line:
    """Return the line of Poisson arrivals, exponential service and `windows` windows."""
    load = rate * service_s
    waits = erlang_c(load, windows)
    if load >= windows:
        return Line(inf, 1.0, inf)
    mean = waits * service_s / (windows - load)
    return Line(mean, waits, rate * mean)


def within(rate: float, service_s: float, windows: int, limit_s: float) -> float:
    """Return the share that waits at most `limit_s` in M/M/c."""
    load = rate * service_s
    if load >= windows:
        return 0.0
    return 1 - erlang_c(load, windows) * exp(-(windows - load) * limit_s / service_s)


def mg1(rate: float, service_s: float, sd_s: float) -> Line:
    """Return the line of one window and any service time (Pollaczek-Khinchine)."""
    load = rate * service_s
    if load >= 1:
        return Line(inf, 1.0, inf)
    mean = rate * (service_s**2 + sd_s**2) / (2 * (1 - load))
    return Line(mean, load, rate * mean)


def gg1(rate: float, service_s: float, *, arrival_cv: float, service_cv: float) -> float:
    """Return Kingman's mean wait for one window with any arrivals; close at high load."""
    load = rate * service_s
    if load >= 1:
        return inf
    return load / (1 - load) * (arrival_cv**2 + service_cv**2) / 2 * service_s


def mgc(rate: float, service_s: float, sd_s: float, windows: int) -> float:
    """Return the mean wait of M/G/c after Allen and Cunneen: M/M/c times half of 1 + cv^2."""
    cv2 = (sd_s / service_s) ** 2
    return mmc(rate, service_s, windows).mean_wait_s * (1 + cv2) / 2


def erlang_a(rate: float, service_s: float, windows: int, patience_s: float) -> Line:
    """Return M/M/c with exponential patience; always stable. `mean_wait_s`: over all who came.

    Birth and death: with n there, people leave at min(n, c)/service + max(n - c, 0)/patience.
    """
    weights = [1.0]
    most = windows + int(20 * sqrt(rate * patience_s + 1) + 2 * rate * patience_s + 50)
    for count in range(1, most + 1):
        leaving = min(count, windows) / service_s + max(count - windows, 0) / patience_s
        weights.append(weights[-1] * rate / leaving)
    total = sum(weights)
    waiting = sum(w * (n - windows) for n, w in enumerate(weights) if n > windows) / total
    waits = sum(weights[windows:]) / total
    return Line(waiting / rate, waits, waiting, waiting / patience_s / rate)


def fewest_windows(rate: float, service_s: float, limit_s: float, target: float) -> int:
    """Return the fewest windows with which M/M/c serves the target share within the limit."""
    windows = max(1, int(rate * service_s) + 1)
    while within(rate, service_s, windows, limit_s) < target:
        windows += 1
    return windows
