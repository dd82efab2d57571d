"""Call legs in Parquet files, by region and week."""

from partnerhub.adapters.parquet.dataset import LegDataset

__all__ = ["LegDataset"]
