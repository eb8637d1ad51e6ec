"""Trainings: plan, sessions with their codes and quizzes, the bank, records of people."""
