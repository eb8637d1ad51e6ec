"""Read photos in a program of its own, in an environment of its own: `make reading` sets it up."""
