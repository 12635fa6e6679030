"""One generator per job: binds project, images, trainer and store, and yields events. Both front ends run these and nothing else."""

from iic_studio.jobs.baselines import baselines, baselines_table
from iic_studio.jobs.clusters import clusters
from iic_studio.jobs.exporting import export, listed_ids
from iic_studio.jobs.indexing import index
from iic_studio.jobs.label_request import LabelRequest
from iic_studio.jobs.labelling import label
from iic_studio.jobs.lookalikes import duplicates, see_images
from iic_studio.jobs.mapping import make_map, saved_maps
from iic_studio.jobs.mask_formats import mask_forms
from iic_studio.jobs.mask_views import mask_views
from iic_studio.jobs.mask_writing import measure_areas
from iic_studio.jobs.masks import evaluate_masks
from iic_studio.jobs.overclustering import NAME as OVERCLUSTERING
from iic_studio.jobs.overclustering import read_counts, read_shares, reproduce_overclustering, table_of
from iic_studio.jobs.pairs import show_pairs
from iic_studio.jobs.reproduce import reproduce_row
from iic_studio.jobs.results import assign, evaluate, export_csv
from iic_studio.jobs.running import read_run_log
from iic_studio.jobs.runs import as_table as runs_table
from iic_studio.jobs.runs import runs
from iic_studio.jobs.segmenting import demo_scenes, segment, segment_more
from iic_studio.jobs.sharing import help_out, is_helper
from iic_studio.jobs.stability import stability, stability_of, stability_text
from iic_studio.jobs.suggesting import suggest, suggest_for
from iic_studio.jobs.training import resumable_run, resume, train
from iic_studio.jobs.weights import fetch_weights, missing_source
from iic_studio.jobs.whole import cluster, demo, open_project, sample_target, thumbnails

__all__ = [
    "OVERCLUSTERING",
    "LabelRequest",
    "assign",
    "baselines",
    "baselines_table",
    "cluster",
    "clusters",
    "demo",
    "demo_scenes",
    "duplicates",
    "evaluate",
    "evaluate_masks",
    "export",
    "export_csv",
    "fetch_weights",
    "help_out",
    "index",
    "is_helper",
    "label",
    "listed_ids",
    "make_map",
    "mask_forms",
    "mask_views",
    "measure_areas",
    "missing_source",
    "open_project",
    "read_counts",
    "read_run_log",
    "read_shares",
    "reproduce_overclustering",
    "reproduce_row",
    "resumable_run",
    "resume",
    "runs",
    "runs_table",
    "sample_target",
    "saved_maps",
    "see_images",
    "segment",
    "segment_more",
    "show_pairs",
    "stability",
    "stability_of",
    "stability_text",
    "suggest",
    "suggest_for",
    "table_of",
    "thumbnails",
    "train",
]
