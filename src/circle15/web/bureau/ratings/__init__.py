"""Ratings, their figures and the orders behind them."""
