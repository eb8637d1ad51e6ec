"""Registers of publicity, volunteers, patrols, first aid and plans; incidents."""
