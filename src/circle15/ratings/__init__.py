"""Ratings (好差评) and the loop that makes something of a bad one."""
