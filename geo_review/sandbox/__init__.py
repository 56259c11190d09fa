"""Files of strangers are read in a child process that can do nothing else. Judges nothing and knows no database."""
