"""Spoken calls, made offline: words, their pinyin, the program that speaks, the clips."""
