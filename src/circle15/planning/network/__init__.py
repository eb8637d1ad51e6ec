"""Roads as arrays, from OSM, GraphML or CSV."""
