"""Accounts, posts and the access matrix, for the security admin and the auditor."""
