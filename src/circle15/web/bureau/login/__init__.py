"""Log in with password and second factor, change the password, log out."""
