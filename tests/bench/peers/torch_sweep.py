"""What the PyTorch peers do alike on a GPU: precision, compilation, CUDA graphs, memory."""
import contextlib
import gc

import torch

import peer


def context(precision, device):
    """fp32 and tf32 concern products only; bf16 is automatic mixed precision: weights and moments stay float32."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    if precision == "bf16":
        return torch.autocast(device, torch.bfloat16, cache_enabled=False)  # a graph must not keep another's casts
    return contextlib.nullcontext()


def captured(step):
    """One step as a CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(peer.WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def step_of(loss, optimizer, how, precision, device):
    """A call of loss(), backward and update; how: words of {"compile", "graph"}."""
    numbers = context(precision, device)
    if "compile" in how:
        torch.compiler.reset()
        loss = torch.compile(loss)

    def step():
        optimizer.zero_grad()
        with numbers:
            value = loss()
        value.backward()
        optimizer.step()
        return value.detach()

    return captured(step) if "graph" in how else step


def split_form(form, models, device):
    """"bmm-compile-graph" -> "bmm", {"compile", "graph"}"""
    kind, *how = form.split("-")
    if kind == "eager" and models > 1:
        raise peer.Skip("one model after another")
    if "graph" in how and device != "cuda":
        raise peer.Skip("CUDA graphs need a GPU")
    return kind, set(how)


def wait_of(device):
    return torch.cuda.synchronize if device == "cuda" else lambda: None


def sweep(options, build):
    """build(kind, how, models, precision) -> (step, things per call)"""
    device = options.device

    def full_build(form, models, precision):
        torch.manual_seed(0)
        if device == "cuda" and not torch.cuda.is_available():
            raise peer.Skip("torch sees no CUDA device")
        if precision == "tf32" and device != "cuda":
            raise peer.Skip("tf32 needs a GPU")
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        return *build(*split_form(form, models, device), models, precision), wait_of(device)

    def forget():
        gc.collect()
        if device != "cuda" or not torch.cuda.is_available():
            return ""
        torch.cuda.empty_cache()
        return f"peak {torch.cuda.max_memory_allocated() / 1e9:.3g} GB"

    what = lambda precision: f"PyTorch {torch.__version__}{'; autocast to bf16' if precision == 'bf16' else ''}"
    peer.sweep("torch", options, full_build, forget, what)
