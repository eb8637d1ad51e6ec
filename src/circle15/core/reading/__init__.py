"""What a photographed paper says: lines of recognized text in, fields out."""
