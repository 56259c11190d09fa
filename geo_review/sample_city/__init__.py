"""The sample city (样例数据): drawn from a few written facts and a seed, so that a clone is whole by itself.

It looks like Puyang and is not Puyang: no line in it is a real control line, and everything it writes says so.
"""

from geo_review.sample_city.city import AS_OF, SEED, RefusedFile, SampleCity, SampleProject
from geo_review.sample_city.write import write_sample_city

__all__ = ["AS_OF", "SEED", "RefusedFile", "SampleCity", "SampleProject", "write_sample_city"]
