"""From the bytes of a surveyor's file to a `Boundary`: detection, one reader a format, CRS resolution, validity."""
