"""Speed and accuracy, measured on data given by path."""
