"""Trainings by JAX and optax, timed for bench/training.

Reads one JSON object a line and answers with one:
    {"task": "mlp" | "cnn", "steps": n, "x": "x.npy", "targets": "y.npy", "weights": ["w.npy", ...], "out": "f.npy"}
        compiles a step, trains and writes the outputs for x  ->  {"versions": {...}}
    {"repeat": 1}  trains again from the same weights, so many times  ->  {"milliseconds": [...]}
Compilation and copying of the input are not timed.

Arguments: those of jax_cpu.
"""

import json
import sys
import time

from jax_cpu import jax, load, numpy

import optax
from jax import numpy as jnp

optimizer = optax.adam(1e-3)


def mlp(weights, x):
    first, bias, last = weights
    return jax.nn.relu(x @ first + bias) @ last


def cnn(weights, x):
    first, second, last = weights
    x = x[..., None]
    for filters in (first, second):
        x = jax.lax.conv_general_dilated(x, filters, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = jax.nn.relu(x)
    return x.mean((1, 2)) @ last


def half_squares(f, y):
    return 0.5 * jnp.mean(jnp.sum((f - y) ** 2, -1))


def cross_entropy(f, y):
    return -jnp.mean(jnp.sum(jax.nn.log_softmax(f) * y, -1))


TASKS = {"mlp": (mlp, half_squares), "cnn": (cnn, cross_entropy)}


def prepared(request):
    """A function that trains and gives the outputs; its step is compiled."""
    network, loss = TASKS[request["task"]]
    x, y = load(request["x"]), load(request["targets"])
    start = [load(path) for path in request["weights"]]

    @jax.jit
    def step(weights, state):
        gradients = jax.grad(lambda weights: loss(network(weights, x), y))(weights)
        updates, state = optimizer.update(gradients, state)
        return optax.apply_updates(weights, updates), state

    outputs = jax.jit(network)

    def train():
        weights, state = start, optimizer.init(start)
        for _ in range(request["steps"]):
            weights, state = step(weights, state)
        return outputs(weights, x).block_until_ready()

    return train


train = None
for line in sys.stdin:
    request = json.loads(line)
    if "task" in request:
        train = prepared(request)
        numpy.save(request["out"], numpy.asarray(train()))
        answer = {"versions": {"jax": jax.__version__, "optax": optax.__version__}}
    else:
        times = []
        for _ in range(request["repeat"]):
            start = time.perf_counter()
            train()
            times.append(1e3 * (time.perf_counter() - start))
        answer = {"milliseconds": times}
    print(json.dumps(answer), flush=True)
