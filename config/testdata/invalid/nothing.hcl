# an empty file # ERROR: There is no listener
