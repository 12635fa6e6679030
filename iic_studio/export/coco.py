"""The results as COCO JSON for the classification of whole images: what annotation tools and pycocotools read.

Categories are the clusters, with their numbers of the CSV as ids; each image has one annotation, whose box and polygon are the whole
image. Images without a cluster are left out.
"""

from typing import Any

import numpy as np

from iic_studio.export.csv_table import shares
from iic_studio.export.files import printable_path
from iic_studio.export.result_rows import ResultRows


def coco_record(rows: ResultRows, meta: dict[str, Any]) -> dict[str, Any]:
    """The whole file.

    Args:
        rows: those to write.
        meta: of the `.meta.json`; some of it becomes `info`.
    """
    placed = rows.part(rows.cluster >= 0)
    columns = (placed.image_ids, placed.width, placed.height, placed.cluster)
    numbers = np.stack(columns, axis=1).tolist()
    images, annotations = [], []
    confidence = shares(placed.confidence)
    for place, (image_id, width, height, cluster) in enumerate(numbers):
        images.append({"id": image_id, "file_name": printable_path(placed.paths[place]), "width": width, "height": height})
        annotations.append(
            {
                "id": place + 1,
                "image_id": image_id,
                "category_id": cluster,
                "bbox": [0, 0, width, height],
                "area": width * height,
                "segmentation": [[0, 0, width, 0, width, height, 0, height]],
                "iscrowd": 0,
                "score": confidence[place],
            }
        )
    info = {"description": f"Clusters found by IIC Studio in {meta['folder']}", "version": meta["version"], "date_created": meta["written"]}
    return {
        "info": info | {"run": meta["run"], "data_fingerprint": meta["data_fingerprint"], "left_out": len(rows) - len(placed)},
        "licenses": [],
        "categories": [{"id": one, "name": rows.name_of(one), "supercategory": "cluster"} for one in range(rows.num_clusters)],
        "images": images,
        "annotations": annotations,
    }
