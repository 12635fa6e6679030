"""What an encoder's features cost in a project, beside the bare forward pass of the same network in the same run; by hand.

    python tests/benchmarks/bench_encoder.py FOLDER [--encoder resnet18] [--threads 1] [--rounds 3] [--device cpu]

The weights are random and lie in a file that is made first: speed does not depend on them. "Forward alone" is the network on as many views
as the program looks at, as many at once, from tensors that lie ready in memory; "in large batches" the same with more at once. "Decoding
alone" is what child processes need to read every file at the encoder's size, "cutting alone" what it takes to make views of these.
"Program" is the whole way from files to the kept features: child processes, views, normalisation, network, file. The ways alternate;
medians count. Where all share one core, the program can be no faster than decoding and forward one after the other ("their sum"); with
cores to spare, forward alone is the measure.
"""

import argparse
import os
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", default="resnet18")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    from encoder_speed import measure  # here, because every child process imports what stands at the top

    measure(asked.folder, asked.encoder, asked.threads, asked.rounds, asked.device)


if __name__ == "__main__":
    main()
