"""What the planning benchmarks measure against, in an environment of its own."""

from bench.planning.peers.environment import ask_peer, peers_python

__all__ = ["ask_peer", "peers_python"]
