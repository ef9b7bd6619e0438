processes = 3 # ERROR: There is no "processes" at the top level of a file
