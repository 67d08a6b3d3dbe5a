"""The peer of ScoreBenchmark: torchvision's networks in the libtorch of python3-torch.

Reads lines 'ARCHITECTURE BATCH' on standard input, runs one forward pass at 3x448x448 and answers its seconds; ends at
end of file.
"""
import sys
import time

import torch
import torchvision

torch.set_num_threads(int(sys.argv[1]))
networks = {}
images = {}
print("ready", flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        architecture, batch = line.split()
        if architecture not in networks:
            networks = {architecture: getattr(torchvision.models, architecture)(weights=None, num_classes=17).eval()}
        if batch not in images:
            images[batch] = torch.rand(int(batch), 3, 448, 448)
        started = time.perf_counter()
        networks[architecture](images[batch])
        print(time.perf_counter() - started, flush=True)
