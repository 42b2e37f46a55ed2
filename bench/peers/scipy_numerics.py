"""numpy and scipy on some processors of the machine, timed for bench/product, bench/solve and bench/fft.

Reads one JSON object a line and answers with one:
    {"task": "product", "a": "a.npy", "b": "b.npy", "out": "c.npy"}
    {"task": "solve", "a": "a.npy", "b": "b.npy", "out": "x.npy"}
    {"task": "fourier", "values": "x.npy", "out": "spectra.npy"}
        does it and writes the result, of transforms as rows of alternating real and imaginary parts  ->  {"versions": {...}}
    {"repeat": 2}  does it again, so many times  ->  {"milliseconds": [...]}
Reading and layout of the input are not timed.

Arguments: the number of processors, and a precision that nothing depends on: that of the arrays counts.
"""

import json
import os
import sys
import time

processors = int(sys.argv[1])
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(processors)
# The library knows better than the environment which processor it is on.
os.environ.pop("OPENBLAS_CORETYPE", None)

# What is set above is read at the import.
import numpy  # noqa: E402
import scipy.fft  # noqa: E402
import scipy.linalg  # noqa: E402


def product(a, b):
    return lambda: a @ b


def solve(a, b):
    # In LAPACK's own order, so that it need not be turned around; checked before.
    a = numpy.asfortranarray(a)
    return lambda: scipy.linalg.cho_solve(
        scipy.linalg.cho_factor(a, lower=True, check_finite=False), b, check_finite=False
    )


def fourier(values):
    return lambda: scipy.fft.rfft(values, workers=processors)


TASKS = {"product": product, "solve": solve, "fourier": fourier}


def milliseconds(work):
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


work = None
for line in sys.stdin:
    request = json.loads(line)
    if "task" in request:
        arrays = {name: numpy.load(path) for name, path in request.items() if name not in ("task", "out")}
        work = TASKS[request["task"]](**arrays)
        result = work()
        numpy.save(request["out"], result.view(result.real.dtype))
        answer = {"versions": {"numpy": numpy.__version__, "scipy": scipy.__version__}}
    else:
        answer = {"milliseconds": [milliseconds(work) for _ in range(request["repeat"])]}
    print(json.dumps(answer), flush=True)
