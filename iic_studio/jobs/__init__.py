"""One generator per job: binds project, images, trainer and store, and yields events. Both front ends run these and nothing else."""

from iic_studio.jobs.clusters import clusters
from iic_studio.jobs.indexing import index
from iic_studio.jobs.mask_formats import mask_forms
from iic_studio.jobs.masks import evaluate_masks
from iic_studio.jobs.reproduce import as_table, reproduce_row
from iic_studio.jobs.results import assign, evaluate, export_csv
from iic_studio.jobs.running import read_run_log
from iic_studio.jobs.segmenting import demo_scenes, export_masks, segment, segment_more
from iic_studio.jobs.sharing import help_out, is_helper
from iic_studio.jobs.training import resumable_run, resume, train
from iic_studio.jobs.whole import cluster, demo, demo_folder, open_project, thumbnails

__all__ = [
    "as_table",
    "assign",
    "cluster",
    "clusters",
    "demo",
    "demo_folder",
    "demo_scenes",
    "evaluate",
    "evaluate_masks",
    "export_csv",
    "export_masks",
    "help_out",
    "index",
    "is_helper",
    "mask_forms",
    "open_project",
    "read_run_log",
    "reproduce_row",
    "resumable_run",
    "resume",
    "segment",
    "segment_more",
    "thumbnails",
    "train",
]
