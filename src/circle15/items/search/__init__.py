"""Find a service item by its name, in everyday words, in pinyin, by initials, with typing slips."""
