"""The hold model in SimPy: PENDING processes, each waits and plans itself anew. Prints CPU nanoseconds an event."""
import sys
import time

import simpy


def main():
    pending, steps = int(sys.argv[1]), int(sys.argv[2])
    state = 1
    delays = []
    for _ in range(65536):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        delays.append(state / 2147483648)
    env = simpy.Environment()
    count = 0

    def process():
        nonlocal count
        while True:
            yield env.timeout(delays[count & 65535])
            count += 1

    for _ in range(pending):
        env.process(process())
    begin = time.process_time()
    while count < steps:
        env.step()
    print((time.process_time() - begin) * 1e9 / steps)


main()
