"""neural-tangents on JAX's CPU backend, timed for bench/dense and bench/conv.

Reads one JSON object a line and answers with one:
    {"network": {...}, "x": "x.npy", "out": "k.npy"}  compiles for that input, writes the NTK  ->  {"versions": {...}, ...}
    {"repeat": 2}                                     computes it again, so many times         ->  {"milliseconds": [...]}
The first may have "other" (the columns; missing: x itself) and "blocks" (sizes of square blocks for neural_tangents.batch
to be tried beside the whole at once; the fastest is taken and answered as "block", 0 for the whole).
Compilation and copying of the input are not timed.

Arguments: those of jax_cpu.
"""

import json
import sys
import time

from jax_cpu import jax, load, numpy

import neural_tangents
from neural_tangents import stax


def layers(network):
    """The layers of the project's network JSON that the benchmarks use."""
    kind = network["type"]
    if kind == "serial":
        return stax.serial(*map(layers, network["layers"]))
    if kind == "dense":
        return stax.Dense(1, W_std=network["weightStd"], b_std=network["biasStd"])
    if kind == "relu":
        return stax.Relu()
    if kind == "conv":
        size, stride, padding = tuple(network["size"]), tuple(network["stride"]), network["padding"].upper()
        return stax.Conv(1, size, stride, padding, W_std=network["weightStd"], b_std=network["biasStd"])
    if kind == "globalAveragePool":
        return stax.GlobalAvgPool()
    if kind == "flatten":
        return stax.Flatten()
    raise ValueError(f"no layer {kind} in this script")


def milliseconds(compute):
    start = time.perf_counter()
    compute().block_until_ready()
    return 1e3 * (time.perf_counter() - start)


def compiled(network, x, other, block):
    """A function that computes the NTK, in blocks unless `block` is 0; compiled."""
    kernel = layers(network)[2]
    if block:
        kernel = neural_tangents.batch(kernel, batch_size=block, device_count=0)
    jitted = jax.jit(lambda x, other: kernel(x, other, "ntk"))
    jitted(x, other).block_until_ready()
    return lambda: jitted(x, other)


ntk = None
for line in sys.stdin:
    request = json.loads(line)
    if "network" in request:
        x = load(request["x"])
        other = load(request["other"]) if "other" in request else None
        ways = {block: compiled(request["network"], x, other, block) for block in [0, *request.get("blocks", [])]}
        times = {block: milliseconds(way) for block, way in ways.items()} if len(ways) > 1 else {0: 0}
        block = min(times, key=times.get)
        ntk = ways[block]
        numpy.save(request["out"], numpy.asarray(ntk()))
        versions = {"neural-tangents": neural_tangents.__version__, "jax": jax.__version__}
        answer = {"versions": versions, "block": block}
    else:
        answer = {"milliseconds": [milliseconds(ntk) for _ in range(request["repeat"])]}
    print(json.dumps(answer), flush=True)
