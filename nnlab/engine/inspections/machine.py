"""What the engine takes of the machine."""

import numpy as np
import torch

from nnlab.engine.inspections.payload import Payload
from nnlab.engine.training import Training
from nnlab.usage import usage
from nnlab.wire.commands import Inspect


def machine(training: Training, _: Inspect) -> Payload:
    """Processor time, clock and memory of this process; memory and load of the GPU, where it trains on one."""
    device, now = training.parameters.values.device, usage()
    values = {"processor": now.processor, "clock": now.clock, "memory": now.memory, "threads": torch.get_num_threads()}
    texts: tuple[str, ...] = ()
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        values |= {"gpu_memory": total - free, "gpu_total": total, "gpu_own": torch.cuda.memory_reserved(device)}
        values |= {"gpu_load": _load(device)}
        texts = (torch.cuda.get_device_name(device),)
    return Payload({name: np.array([value], dtype=np.float64) for name, value in values.items()}, texts)


def _load(device: torch.device) -> float:
    """Share of the time in which the GPU worked, 0 to 1; NaN where the driver's library is not there to ask."""
    try:
        return torch.cuda.utilization(device) / 100.0
    except (ModuleNotFoundError, RuntimeError):
        return float("nan")
