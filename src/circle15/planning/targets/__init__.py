"""Dated targets of the documents and the progress against them (目标与进度)."""
