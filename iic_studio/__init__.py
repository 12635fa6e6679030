"""IIC Studio: find structure in a folder of unlabelled images by Invariant Information Clustering."""

__version__ = "0.1.0"
