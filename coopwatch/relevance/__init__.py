"""Is this coverage of international science and technology cooperation?"""

from coopwatch.relevance.judging import judge
from coopwatch.relevance.topic import Topic, load_topic

__all__ = ["Topic", "judge", "load_topic"]
