"""The peer of ScoreBenchmark: one of torchvision's networks in the libtorch of python3-torch.

torchvision_peer.py ARCHITECTURE BATCH THREADS

Answers each line on standard input: 'pass' with the seconds of a forward pass at 3x448x448, 'peak' with the process's
largest resident memory so far in bytes; ends at end of file.
"""
import resource
import sys
import time

import torch
import torchvision

architecture, batch, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
network = getattr(torchvision.models, architecture)(weights=None, num_classes=17).eval()
images = torch.rand(int(batch), 3, 448, 448)
with torch.inference_mode():
    for line in sys.stdin:
        if line.strip() == "peak":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
            continue
        started = time.perf_counter()
        network(images)
        print(time.perf_counter() - started, flush=True)
