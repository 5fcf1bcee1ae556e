"""What the data call their inputs, classes and targets; those of a stream are numbered."""

from nnlab.data.source import FixedSource, StreamSource


def input_names(source: FixedSource | StreamSource) -> tuple[str, ...]:
    """One name for each input."""
    if isinstance(source, StreamSource):
        return tuple(f"x{i}" for i in range(source.features))
    return source.feature_names


def output_names(source: FixedSource | StreamSource) -> tuple[str, ...]:
    """The classes, or the targets where there are none."""
    if isinstance(source, StreamSource):
        return tuple(str(k) for k in range(source.classes))
    return source.class_names or source.target_names
