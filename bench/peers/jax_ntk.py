"""neural-tangents on JAX's CPU backend, timed for bench/dense.

Reads one JSON object a line and answers with one:
    {"network": {...}, "x": "x.npy", "out": "k.npy"}  compiles for that input, writes the NTK  ->  {"versions": {...}}
    {"repeat": 2}                                     computes it again, so many times         ->  {"milliseconds": [...]}
Compilation and copying of the input are not timed.

Arguments: the number of processors, and f64 or f32.
"""

import json
import os
import sys
import time

processors, precision = int(sys.argv[1]), sys.argv[2]
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:processors])
if processors == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import neural_tangents  # noqa: E402
import numpy  # noqa: E402
from neural_tangents import stax  # noqa: E402

jax.config.update("jax_enable_x64", precision == "f64")


def layers(network):
    """The layers of the project's network JSON that dense benchmarks use."""
    kind = network["type"]
    if kind == "serial":
        return stax.serial(*map(layers, network["layers"]))
    if kind == "dense":
        return stax.Dense(1, W_std=network["weightStd"], b_std=network["biasStd"])
    if kind == "relu":
        return stax.Relu()
    raise ValueError(f"no layer {kind} in this script")


ntk = None
for line in sys.stdin:
    request = json.loads(line)
    if "network" in request:
        x = jax.device_put(numpy.load(request["x"]).astype(precision.replace("f", "float")))
        kernel = layers(request["network"])[2]
        compiled = jax.jit(lambda x: kernel(x, None, "ntk"))
        ntk = lambda: compiled(x).block_until_ready()  # noqa: E731
        numpy.save(request["out"], numpy.asarray(ntk()))
        versions = {"neural-tangents": neural_tangents.__version__, "jax": jax.__version__}
        answer = {"versions": versions}
    else:
        answer = {"milliseconds": []}
        for _ in range(request["repeat"]):
            start = time.perf_counter()
            ntk()
            answer["milliseconds"].append(1e3 * (time.perf_counter() - start))
    print(json.dumps(answer), flush=True)
