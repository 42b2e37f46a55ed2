"""JAX on some processors of the machine, for the scripts beside this file.

Their arguments: the number of processors, and f64 or f32.
"""

import os
import sys

processors, precision = int(sys.argv[1]), sys.argv[2]
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])
if processors == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

# What is set above is read at the import.
import jax  # noqa: E402
import numpy  # noqa: E402

jax.config.update("jax_enable_x64", precision == "f64")


def load(path):
    """An array in the wanted precision, where JAX wants it."""
    return jax.device_put(numpy.load(path).astype(precision.replace("f", "float")))
