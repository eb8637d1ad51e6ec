"""Tests of ratings and of the loop behind them."""
