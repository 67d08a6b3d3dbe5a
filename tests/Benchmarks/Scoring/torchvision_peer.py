"""The peer of ScoreBenchmark: torchvision's network of a name in the libtorch of python3-torch.

Reads lines 'BATCH' on standard input, runs one forward pass at 3x448x448 and answers its seconds; ends at end of file.
"""
import sys
import time

import torch
import torchvision

torch.set_num_threads(int(sys.argv[2]))
network = getattr(torchvision.models, sys.argv[1])(weights=None, num_classes=17).eval()
images = {}
print("ready", flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        batch = int(line)
        if batch not in images:
            images[batch] = torch.rand(batch, 3, 448, 448)
        started = time.perf_counter()
        network(images[batch])
        print(time.perf_counter() - started, flush=True)
