"""Facts and an edition in, an explained score sheet out."""
