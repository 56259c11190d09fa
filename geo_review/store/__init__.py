"""The keeping half: the only package that talks to our PostGIS. Sessions in, values out; never commits."""
