"""Is this coverage of international science and technology cooperation?"""

from coopwatch.relevance.deciding import decide
from coopwatch.relevance.judging import judge
from coopwatch.relevance.model import Model
from coopwatch.relevance.topic import Topic, load_topic

__all__ = ["Model", "Topic", "decide", "judge", "load_topic"]
