"""Texts of different lengths in one batch: only their words are read, not the padding behind them.

Packing needs the lengths on the host, so on an accelerator this is the one place where a step waits for the device;
synthetic corpora, whose texts are all of one length, never come here.
"""

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence


def mean(vectors: Tensor, lengths: Tensor) -> Tensor:
    """Mean over the words of each text: [batch, length, dim] → [batch, dim]."""
    places = torch.arange(vectors.shape[1], device=vectors.device)
    return (vectors * (places < lengths[:, None])[:, :, None]).sum(dim=1) / lengths[:, None]


def packed(vectors: Tensor, lengths: Tensor) -> PackedSequence:
    """The words alone, so that a recurrent encoder ends at the last one in either direction."""
    return pack_padded_sequence(vectors, lengths.cpu(), batch_first=True, enforce_sorted=False)
