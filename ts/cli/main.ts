#!/usr/bin/env node
process.stdout.write("orbit-kernels\n");
