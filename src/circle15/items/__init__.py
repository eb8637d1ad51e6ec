"""Service items (服务事项): the catalogue with its editions, who may handle what, guides."""
