"""What a choice of sites is to be good for; light to import."""

from enum import StrEnum


class Objective(StrEnum):
    """What makes a choice of sites good."""

    MCLP = "mclp"
    """The most people within reach, by a number of sites or a budget."""
    LSCP = "lscp"
    """The fewest (or cheapest) sites that reach everyone, or a share of the people."""
    P_MEDIAN = "p-median"
    """The least time of all people together to the nearest site."""
    P_CENTER = "p-center"
    """The least time of those who have farthest to go."""
