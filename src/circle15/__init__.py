"""circle15: the working system of a city's 15-minute Service Circle of Medical Insurance."""
