"""The peer of ScoreBenchmark: one of torchvision's networks in the libtorch of python3-torch.

torchvision_peer.py ARCHITECTURE BATCH THREADS

Answers each line on standard input with the seconds of a forward pass at 3x448x448; ends at end of file.
"""
import sys
import time

import torch
import torchvision

architecture, batch, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
network = getattr(torchvision.models, architecture)(weights=None, num_classes=17).eval()
images = torch.rand(int(batch), 3, 448, 448)
with torch.inference_mode():
    for _ in sys.stdin:
        started = time.perf_counter()
        network(images)
        print(time.perf_counter() - started, flush=True)
