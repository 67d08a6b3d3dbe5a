"""The peer of GpuBenchmark: timm's networks in PyTorch, or torchvision's where timm is not installed.

Answers the lines that NetworkServer answers; arguments are the device, cpu or cuda, and the number of threads.
"""
import contextlib
import gc
import sys
import time

import torch
import torch.nn.functional as F

try:
    import timm
except ImportError:
    timm = None
try:
    import torchvision
except ImportError:
    torchvision = None

# What a library prints must not stand between the answers.
answers, sys.stdout = sys.stdout, sys.stderr

CLASSES = 17
TORCHVISION_SWIN = {"swin_tiny_patch4_window7_224": "swin_t", "swin_small_patch4_window7_224": "swin_s", "swin_base_patch4_window7_224": "swin_b"}


class InOrder(torch.nn.Module):
    """What timm's ML-Decoder asks of PyTorch's TransformerDecoder, which since PyTorch 2.1 asks its layers for more than timm's have."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, queries, tokens):
        for layer in self.layers:
            queries = layer(queries, tokens)
        return queries


def create(architecture, side):
    name, _, head = architecture.partition("+")
    if timm is not None and name in timm.list_models():
        # Stochastic depth off, as in ours; Swin's windows depend on the size.
        options = {"img_size": side} if name.startswith("swin_") else {}
        network = timm.create_model(name, num_classes=CLASSES, drop_path_rate=0.0, **options)
        if head == "ml_decoder":
            from timm.layers.ml_decoder import add_ml_decoder_head
            network = add_ml_decoder_head(network)
            for module in list(network.modules()):
                if isinstance(getattr(module, "decoder", None), torch.nn.TransformerDecoder):
                    module.decoder = InOrder(module.decoder.layers)
        return network
    of_torchvision = TORCHVISION_SWIN.get(name, name.removeprefix("torchvision_").removeprefix("tf_"))
    if torchvision is not None and not head and of_torchvision in torchvision.models.list_models(torchvision.models):
        network = torchvision.models.get_model(of_torchvision, weights=None, num_classes=CLASSES)
        for module in network.modules():
            if isinstance(module, torchvision.ops.StochasticDepth):
                module.p = 0.0
        return network
    return None


class Peer:
    def __init__(self, device):
        self.device = torch.device(device)
        self.precision = torch.float32 if self.device.type == "cpu" else torch.bfloat16
        self.network = self.optimizer = self.images = self.targets = None
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False

    def answer(self, verb, *words):
        if verb == "libraries":
            return ", ".join([f"PyTorch {torch.__version__}"] + [f"{library.__name__} {library.__version__}" for library in (timm or torchvision,) if library])
        if verb == "network":
            return self.build(words[0], int(words[1]))
        batch, passes = int(words[0]), int(words[1])
        self.prepare(batch)
        return self.score(passes) if verb == "score" else self.train(passes)

    def build(self, architecture, side):
        self.side = side
        # On the device at once, where PyTorch can: drawing half a thousand million weights takes long on the CPU.
        with self.device if hasattr(self.device, "__enter__") else contextlib.nullcontext():
            self.network = create(architecture, side)
        if self.network is None:
            return f"none neither timm nor torchvision has {architecture} here"
        self.network.to(self.device, self.precision)
        return "ready"

    def prepare(self, batch):
        if self.images is None or len(self.images) != batch:
            self.images = self.targets = None
            self.images = torch.rand(batch, 3, self.side, self.side, device=self.device).to(self.precision)
            self.targets = (torch.rand(batch, CLASSES, device=self.device) > 0.8).float()

    def score(self, passes):
        self.network.eval()
        with torch.inference_mode():
            return self.time(passes, lambda: self.network(self.images))

    def train(self, passes):
        self.network.train()
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW([p for p in self.network.parameters() if p.requires_grad], lr=1e-5, weight_decay=0.01)
        return self.time(passes, self.step)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(self.network(self.images).float(), self.targets)
        loss.backward()
        self.optimizer.step()
        return loss

    def time(self, passes, run):
        started = time.perf_counter()
        for _ in range(passes):
            result = run()
        result.flatten()[0].float().item()  # waits for the device
        return (time.perf_counter() - started) / passes


def is_out_of_memory(error):
    return any(words in str(error) for words in ("out of memory", "not enough memory", "can't allocate memory"))


torch.set_num_threads(int(sys.argv[2]))
peer = Peer(sys.argv[1])
for line in sys.stdin:
    try:
        answer = peer.answer(*line.split())
    except Exception as error:  # whatever a library throws: the other side goes on alone
        answer = "memory" if is_out_of_memory(error) else "error " + " ".join(f"{type(error).__name__}: {error}".split())
    print(answer, file=answers, flush=True)
