"""What people make of clusters: groups, pins, edits that can be undone, and new runs as proposals. Without Qt, without torch."""

from iic_studio.curation.curated import Curated, cluster_colours, cluster_names, corrections, curate, of_new_images
from iic_studio.curation.curator import Curator, after, current_run, load_curated
from iic_studio.curation.edits import told
from iic_studio.curation.proposals import (
    GroupDiff,
    Proposal,
    accept_newest,
    groups_the_same,
    load_proposal,
    open_proposal,
    propose,
    propose_in,
)
from iic_studio.curation.splitting import PixelSplit, split_by_features, split_by_overclusters, split_by_probabilities, split_pixels
from iic_studio.curation.state import Curation, Group, Pins, load_curation

__all__ = [
    "Curated",
    "Curation",
    "Curator",
    "Group",
    "GroupDiff",
    "Pins",
    "PixelSplit",
    "Proposal",
    "accept_newest",
    "after",
    "cluster_colours",
    "cluster_names",
    "corrections",
    "curate",
    "current_run",
    "groups_the_same",
    "load_curated",
    "load_curation",
    "load_proposal",
    "of_new_images",
    "open_proposal",
    "propose",
    "propose_in",
    "split_by_features",
    "split_by_overclusters",
    "split_by_probabilities",
    "split_pixels",
    "told",
]
