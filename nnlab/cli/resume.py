"""`nnlab resume`: go on with a recorded run that was interrupted."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "resume",
        help="go on with a recorded run that was interrupted",
        description="Go on with a recorded run where its current line ends, in the same file, to its planned end.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file, or the name of a run in the runs folder")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Go on with it; the exit status. Raises UserError."""
    from nnlab.cli.run import watch
    from nnlab.client.live import LiveFeed
    from nnlab.client.upkeep import must_be_free
    from nnlab.programs.interrupted import interrupted
    from nnlab.runs.folder import run_file

    path = run_file(args.file).absolute()
    loaded, info = interrupted(path)
    must_be_free(path)

    def start() -> LiveFeed:
        return LiveFeed.start(
            loaded, seed=info.seed, device=info.device, record=str(path), resume=True, name="nnlab resume"
        )

    return watch(start, None, (), args.json)
