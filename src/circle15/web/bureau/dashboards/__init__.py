"""Dashboards from the city to the site, the rows behind each number, and the wall screen."""
