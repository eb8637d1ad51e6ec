"""The service hall: windows, tickets, calling, green channel, appointments, displays."""
