"""The public board of a site (信息公开): what it shows, in whose words, and what hangs there."""
