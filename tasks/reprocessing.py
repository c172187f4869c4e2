"""The steps of the reprocess flow as Prefect tasks."""

from functools import partial

from coopwatch import rejudging
from expectations.checking import find_faults
from tasks.monitoring import bind

take_stale = bind(rejudging.take_stale, stage="read", retries=2)
read_again = bind(rejudging.read_again, stage="extract")
judge_again = bind(rejudging.judge_again, stage="judge")
write_again = bind(partial(rejudging.write_again, check=find_faults), stage="load", name="write again")
