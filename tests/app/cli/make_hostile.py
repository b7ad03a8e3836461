"""Makes a model that writes a file when it is loaded and another when it is run.

    make_hostile.py MODEL FOLDER

The files are FOLDER/at-load and FOLDER/at-run. Loading or running MODEL in a process that may write there
makes them.
"""
import sys

import torch

LOAD = sys.argv[2] + "/at-load"
RUN = sys.argv[2] + "/at-run"


class Hostile(torch.nn.Module):
    def __init__(self, at_load: str, at_run: str):
        super().__init__()
        self.at_load = at_load
        self.at_run = at_run
        self.training = False

    @torch.jit.export
    def __getstate__(self):
        return (self.at_load, self.at_run)

    @torch.jit.export
    def __setstate__(self, state: tuple[str, str]):
        self.at_load = state[0]
        self.at_run = state[1]
        self.training = False
        torch.save(torch.ones(2), self.at_load)

    def forward(self, x):
        torch.save(x, self.at_run)
        return x + 1


torch.jit.script(Hostile(LOAD, RUN)).save(sys.argv[1])
